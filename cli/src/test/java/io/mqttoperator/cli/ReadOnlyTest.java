package io.mqttoperator.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** The plugin changes nothing, reads no Secret of a cluster, and decides nothing by itself. */
@AnalyzeClasses(packages = "io.mqttoperator.cli", importOptions = DoNotIncludeTests.class)
class ReadOnlyTest {

  /** Of fabric8's client; all else writes, or is a Secret's. */
  private static final Set<String> READS =
      Set.of(
          "resources",
          "inAnyNamespace",
          "inNamespace",
          "withName",
          "withLabel",
          "list",
          "get",
          "pods",
          "namespaces",
          "events",
          "v1",
          "close",
          "build",
          "withConfig",
          "getCode",
          "getMessage",
          "getCause",
          "autoConfigure",
          "getNamespace",
          "getClientKeyData",
          "getClientKeyFile",
          "setClientKeyAlgo",
          "getMetadata",
          "getSpec",
          "getStatus",
          "setMetadata",
          "getKind",
          "getFinalizers");

  @ArchTest
  static final ArchRule itOnlyReads =
      noClasses()
          .should()
          .callMethodWhere(describe("it may write through the client", ReadOnlyTest::isNoRead));

  @ArchTest
  static final ArchRule formsOfTheOperatorsFilesAreItsOwn =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.mqttoperator.operator.pki..", "io.mqttoperator.operator.mqtt..");

  /** Of a path; the others of that name take a method and a body. */
  private static boolean isGet(JavaMethodCall call) {
    return call.getName().equals("raw") && call.getTarget().getRawParameterTypes().size() == 1;
  }

  private static boolean isNoRead(JavaMethodCall call) {
    return call.getTargetOwner().getPackageName().startsWith("io.fabric8.kubernetes.client")
        && !READS.contains(call.getName())
        && !isGet(call);
  }
}
