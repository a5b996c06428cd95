package io.mqttoperator.e2e;

import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test class its namespace, and prints the state of the cluster when a test fails. */
final class ClusterExtension
    implements ParameterResolver,
        BeforeAllCallback,
        AfterAllCallback,
        AfterTestExecutionCallback,
        LifecycleMethodExecutionExceptionHandler {

  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(ClusterExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    cluster(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    var cluster = cluster(context);
    try (cluster) {
      if (!Boolean.getBoolean("e2e.keep")) {
        cluster.deleteNamespace();
      }
    }
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    context.getExecutionException().ifPresent(failure -> diagnose(context));
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    diagnose(context);
    throw failure;
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    diagnose(context);
    throw failure;
  }

  private static void diagnose(ExtensionContext context) {
    try {
      System.err.println(
          Diagnosis.of(cluster(context), context.getDisplayName()).indent(2).stripTrailing());
    } catch (AssertionError | RuntimeException unknown) {
      // The failure of the test is what counts.
      System.err.println("the state of the cluster cannot be told: " + unknown);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(Cluster.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return cluster(context);
  }

  /** The class's, also where a nested context asks. */
  private static Cluster cluster(ExtensionContext context) {
    var type = context.getRequiredTestClass();
    return context
        .getRoot()
        .getStore(STORE)
        .getOrComputeIfAbsent(
            type, key -> Cluster.withNewNamespace(namespaceName(type)), Cluster.class);
  }

  private static String namespaceName(Class<?> type) {
    var name = type.getSimpleName().replace("E2eTest", "").toLowerCase(Locale.ROOT);
    return "e2e-%s-%05x".formatted(name, ThreadLocalRandom.current().nextInt(1 << 20));
  }
}
