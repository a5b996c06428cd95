package io.mqttoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.cli.OldBroker.Line;
import io.mqttoperator.cli.source.FileResources;
import io.mqttoperator.cli.source.ManifestFiles;
import io.mqttoperator.operator.access.Client;
import io.mqttoperator.operator.access.ClientAccess;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.kube.ResourceKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random files of a Mosquitto, imported: nobody may do more than before, nobody less without a word
 * about the line that allowed it, and the files that Mosquitto gets then say the same.
 */
class ImportEquivalenceTest {

  private static final int CASES = Integer.getInteger("import.cases", 300);
  private static final String CLIENT_ID = "c1";

  @TempDir Path folder;

  private long questions;
  private long lost;

  @Test
  void nobodyMayDoMoreAndWhoMayDoLessIsTold() throws IOException {
    for (int number = 0; number < CASES; number++) {
      var old = OldBrokerCase.of(number);
      assertThat(differences(old, number))
          .as("case %d%n%s%n%s%n%s", number, old.configuration(), old.passwords(), old.aclText())
          .isEmpty();
    }
    assertThat(lost).as("some rights are lost in some cases").isPositive();
    System.out.printf(
        "%d cases, %d answers compared, of these %d rights that are left out and listed%n",
        CASES, questions, lost);
  }

  private List<String> differences(OldBrokerCase old, int number) throws IOException {
    var files = Files.createDirectory(folder.resolve("case-" + number));
    old.write(files);
    var made = files.resolve("made");
    var run = Run.of("import", files.resolve("mosquitto.conf") + "", "-d", made + "", "-o", "json");
    assertThat(run.status()).as(run.errors()).isZero();
    var check = Run.of("check", made.toString());
    assertThat(check.status()).as(check.out()).isZero();
    var left = leftOut(run.out());
    var outlook =
        Outlook.of(
            FileResources.of(ManifestFiles.read(List.of(made.toString())).manifests(), "default"),
            new ResourceKey("default", "mosquitto"));
    var differences = new ArrayList<String>();
    for (var client : clients(old).entrySet()) {
      var access = access(outlook, client.getKey());
      for (var topic : old.topics()) {
        for (var write : List.of(true, false)) {
          var may = access.isPresent() && may(access.get(), write, topic);
          compare(old, client.getValue(), write, topic, may, left).ifPresent(differences::add);
          compareFiles(outlook, client.getValue(), write, topic, may).ifPresent(differences::add);
        }
      }
    }
    return differences;
  }

  /** The lines, by file and number, of which something is left out. */
  private static Set<String> leftOut(String json) throws IOException {
    var places = new HashSet<String>();
    for (var entry : new ObjectMapper().readTree(json).path("list")) {
      if (entry.path("fate").asText().equals("left out")) {
        var file = Path.of(entry.path("file").asText()).getFileName();
        places.add(file + ":" + entry.path("line").asInt());
        if (entry.path("what").asText().startsWith("user ")) {
          places.add(entry.path("what").asText().replaceFirst(",.*", ""));
        }
      }
    }
    return places;
  }

  private static Map<Client, Optional<String>> clients(OldBrokerCase old) {
    var clients = new HashMap<Client, Optional<String>>();
    old.users()
        .forEach(
            user ->
                clients.put(new Client.User("default", user, user, Map.of()), Optional.of(user)));
    if (old.anonymous()) {
      clients.put(new Client.Anonymous(), Optional.empty());
    }
    return clients;
  }

  private static Optional<ClientAccess> access(Outlook outlook, Client client) {
    if (!(client instanceof Client.User user)) {
      return Optional.of(outlook.forecast().access().of(client))
          .filter(any -> outlook.forecast().letsInAnonymous());
    }
    return outlook.forecast().clients().stream()
        .filter(decision -> decision.seen().username().equals(user.username()))
        .map(decision -> decision.user())
        .map(ImportEquivalenceTest::client)
        .map(known -> outlook.forecast().access().of(known))
        .findFirst();
  }

  private static Client client(MqttUser user) {
    return new Client.User(
        user.getMetadata().getNamespace(),
        user.getMetadata().getName(),
        UserObservation.usernameOf(user),
        Map.of());
  }

  private static boolean may(ClientAccess access, boolean write, String topic) {
    return (write ? access.publish(topic) : access.receive(topic)).isAllowed();
  }

  private Optional<String> compare(
      OldBrokerCase old,
      Optional<String> user,
      boolean write,
      String topic,
      boolean may,
      Set<String> left) {
    questions++;
    var question = "%s %s '%s'".formatted(user, write ? "publishes" : "receives", topic);
    for (var parts : List.of(true, false)) {
      var allowing = allowing(old, parts, user, write, topic);
      if (may && allowing.isEmpty()) {
        return Optional.of(question + ": may, and might not (%s)".formatted(parts));
      }
    }
    var allowing = allowing(old, true, user, write, topic);
    if (may || allowing.isEmpty()) {
      return Optional.empty();
    }
    lost++;
    var isTold =
        left.contains("acl:" + allowing.get().number())
            || user.filter(name -> left.contains("user " + name)).isPresent();
    return isTold
        ? Optional.empty()
        : Optional.of(question + ": might by '%s', and may not".formatted(allowing.get()));
  }

  private static Optional<Line> allowing(
      OldBrokerCase old, boolean parts, Optional<String> user, boolean write, String topic) {
    if (old.acl().isEmpty()) {
      // All but what begins with $, as the list says of a broker without such a file.
      return Optional.of(new Line(0, user, false, "readwrite", "#"))
          .filter(any -> !topic.startsWith("$") || (!write && topic.startsWith("$SYS")));
    }
    return new OldBroker(old.acl().get(), parts).allowing(user, CLIENT_ID, write, topic);
  }

  /** What {@code kubectl mqtt render} shows, asked as Mosquitto asks it. */
  private static Optional<String> compareFiles(
      Outlook outlook, Optional<String> user, boolean write, String topic, boolean may) {
    var lines = new ArrayList<Line>();
    outlook
        .forecast()
        .files()
        .byName()
        .forEach(
            (name, text) -> {
              if (name.startsWith("acl-")) {
                read(text, lines);
              }
            });
    var rendered = new OldBroker(lines, false).allowing(user, user.orElse(CLIENT_ID), write, topic);
    return rendered.isPresent() == may
        ? Optional.empty()
        : Optional.of("%s, '%s': rendered %s, evaluated %s".formatted(user, topic, rendered, may));
  }

  private static void read(String text, List<Line> lines) {
    var user = Optional.<String>empty();
    for (var line : text.lines().toList()) {
      var words = List.of(line.split(" ", 3));
      if (words.getFirst().equals("user")) {
        user = Optional.of(line.substring("user ".length()));
      } else {
        lines.add(new Line(lines.size() + 1, user, false, words.get(1), words.get(2)));
      }
    }
  }
}
