package io.mqttoperator.operator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Which part may know which. */
@AnalyzeClasses(packages = "io.mqttoperator", importOptions = DoNotIncludeTests.class)
class PackageRulesTest {

  private static final String OPERATOR = "io.mqttoperator.operator.";

  /**
   * All methods by which fabric8's client writes. That only these packages call them holds for
   * calls in our code; it does not keep a client from being handed on.
   */
  private static final Set<String> WRITES =
      Set.of(
          "create",
          "createOr",
          "createOrReplace",
          "delete",
          "edit",
          "editStatus",
          "evict",
          "exec",
          "patch",
          "patchStatus",
          "replace",
          "replaceStatus",
          "scale",
          "serverSideApply",
          "update",
          "updateStatus");

  @ArchTest
  static final ArchRule formatsCertificatesAndMqttKnowNoKubernetes =
      noClasses()
          .that()
          .resideInAnyPackage(OPERATOR + "mosquitto..", OPERATOR + "pki..", OPERATOR + "mqtt..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.fabric8..", "io.mqttoperator.api..");

  @ArchTest
  static final ArchRule formatsAndCertificatesKnowNothingElseOfOurs =
      classes()
          .that()
          .resideInAnyPackage(OPERATOR + "mosquitto..", OPERATOR + "pki..")
          .should()
          .onlyDependOnClassesThat(
              describe(
                  "are of their own package or not ours",
                  type ->
                      !type.getPackageName().startsWith("io.mqttoperator")
                          || type.getPackageName().equals(OPERATOR + "mosquitto")
                          || type.getPackageName().equals(OPERATOR + "pki")));

  @ArchTest
  static final ArchRule bouncyCastleIsForCertificates =
      noClasses()
          .that()
          .resideOutsideOfPackage(OPERATOR + "pki..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bouncycastle..");

  @ArchTest
  static final ArchRule hiveMqIsForMqtt =
      noClasses()
          .that()
          .resideOutsideOfPackage(OPERATOR + "mqtt..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.hivemq..");

  @ArchTest
  static final ArchRule decisionsKnowNoClientAndNoBroker =
      noClasses()
          .that()
          .resideInAPackage(OPERATOR + "access..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.fabric8.kubernetes.client..", OPERATOR + "broker..");

  /** Others may read, as where a missing Secret is to be told from one that is not offered. */
  @ArchTest
  static final ArchRule onlyTheseWriteToTheCluster =
      noClasses()
          .that()
          .resideOutsideOfPackages(OPERATOR + "kube..", OPERATOR + "app..")
          .should()
          .callMethodWhere(
              describe("it writes through the Kubernetes client", PackageRulesTest::isWrite));

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching(OPERATOR + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule eachPartOfABrokerKnowsOnlyThoseBeforeIt =
      partsOfABroker(
          "profile",
          "observation",
          "certificates",
          "revision",
          "objects",
          "sessions",
          "clients",
          "rollout",
          "status",
          "forecast");

  @ArchTest
  static final ArchRule theApiKnowsNotTheOperator =
      noClasses()
          .that()
          .resideInAPackage("io.mqttoperator.api..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.mqttoperator.operator..");

  @ArchTest
  static final ArchRule namesAreNounsOfTheField =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Impl")
          .orShould()
          .haveSimpleNameEndingWith("Data")
          .orShould()
          .haveSimpleNameEndingWith("Info")
          .orShould()
          .haveSimpleNameStartingWith("Abstract");

  /** Each may be known by those after it, and by the pass itself. */
  private static ArchRule partsOfABroker(String... parts) {
    var rule = layeredArchitecture().consideringOnlyDependenciesInLayers();
    var names = List.of(parts);
    for (var part : names) {
      rule = rule.layer(part).definedBy(OPERATOR + "broker." + part);
    }
    rule = rule.layer("the pass").definedBy(OPERATOR + "broker");
    for (var part : names) {
      var later = names.subList(names.indexOf(part) + 1, names.size());
      var users = Stream.concat(later.stream(), Stream.of("the pass")).toArray(String[]::new);
      rule = rule.whereLayer(part).mayOnlyBeAccessedByLayers(users);
    }
    return rule.whereLayer("the pass").mayNotBeAccessedByAnyLayer();
  }

  private static boolean isWrite(JavaMethodCall call) {
    return call.getTargetOwner().getPackageName().startsWith("io.fabric8.kubernetes.client")
        && WRITES.contains(call.getName());
  }
}
