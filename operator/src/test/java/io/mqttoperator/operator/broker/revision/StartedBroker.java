package io.mqttoperator.operator.broker.revision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.broker.AccessResources;
import io.mqttoperator.operator.broker.certificates.SecretKeeperTest;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.testing.MosquittoProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A broker's own configuration, with the certificates made for it, given to a real Mosquitto. All
 * that differs from a pod is the user, the folders, the ports, and that all is logged.
 */
final class StartedBroker {

  private static final Pattern LISTENER = Pattern.compile("(?m)^listener [0-9]+$");
  private static final Pattern FILE =
      Pattern.compile("(?m)^(certfile|keyfile|cafile|crlfile) @DIRECTORY@/(.*)$");

  private StartedBroker() {}

  /** Mosquitto starts with it, reads it again, and ends in order when it is told to. */
  static void requireStartAndReload(BrokerProfile profile) {
    var files = files(profile);
    try (var mosquitto = new MosquittoProcess()) {
      files.forEach(
          (name, content) -> {
            if (!name.equals(RevisionFiles.CONFIGURATION)) {
              mosquitto.write(name, content);
            }
          });
      mosquitto.write(RevisionFiles.CONFIGURATION, configuration(mosquitto, files)).start();
      mosquitto.reload();
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> mosquitto.log().contains("Reloading config"));
      assertThat(mosquitto.stop()).as(mosquitto.log()).isZero();
      assertThat(mosquitto.log()).doesNotContain("Error");
    }
  }

  private static String configuration(MosquittoProcess mosquitto, Map<String, String> files) {
    var rendered = files.get(RevisionFiles.CONFIGURATION);
    return "user root\nlog_type all\n"
        + LISTENER
            .matcher(rendered)
            .replaceAll(found -> "listener " + MosquittoProcess.freePort() + " 127.0.0.1")
            .replace("/mosquitto/data/", mosquitto.inside("") + "/")
            .replace(RevisionFiles.DIRECTORY_PLACEHOLDER, mosquitto.inside(""));
  }

  /** As the supervisor puts them together. */
  private static Map<String, String> files(BrokerProfile profile) {
    var files = new TreeMap<String, String>();
    try {
      new AccessRenderer()
          .render(
              profile.configuration(),
              Starts.NONE,
              SecretKeeperTest.made(profile),
              AccessPlan.of(List.of(), List.of(), AccessResources.TENANCY),
              1,
              1)
          .revision()
          .files()
          .forEach((name, content) -> files.put(name, new String(content, UTF_8)));
    } catch (DoNotFit impossible) {
      throw new AssertionError(impossible);
    }
    files.put("passwords", files.get(RevisionFiles.PASSWORD_HEAD));
    files.put("acl", files.get(RevisionFiles.ACL_HEAD));
    files.put(RevisionFiles.KEYS, "");
    // Those that somebody brings, or that trust users' certificates, are not there without them.
    FILE.matcher(files.get(RevisionFiles.CONFIGURATION))
        .results()
        .forEach(found -> files.putIfAbsent(found.group(2), files.get(standIn(found.group(1)))));
    return files;
  }

  private static String standIn(String option) {
    return switch (option) {
      case "certfile" -> RevisionFiles.SERVER_CERTIFICATE;
      case "keyfile" -> RevisionFiles.SERVER_KEY;
      case "cafile" -> RevisionFiles.INTERNAL_AUTHORITY;
      case "crlfile" -> RevisionFiles.INTERNAL_REVOCATIONS;
      default -> throw new IllegalArgumentException(option);
    };
  }
}
