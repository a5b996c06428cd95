package io.mqttoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of a Mosquitto, and what becomes of each line. */
class ImportTest {

  private static final String SALT_AND_HASH = "A".repeat(16) + "$" + "B".repeat(85) + "A==";
  private static final String HASH = "$7$101$" + SALT_AND_HASH;
  private static final String OPEN = "allow_anonymous false\nlistener 1883\n";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          listener 1883                             | /listeners/0/port               | 1883
          listener 1883                             | /listeners/0/name               | `"mqtt"`
          listener 1883                             | /listeners/0/tls/enabled        | false
          listener 1883                             | /listeners/0/authentication     | `"Password"`
          listener 1883                             | /listeners/0/clientId           | `"Any"`
          listener 1883;use_username_as_clientid true | /listeners/0/clientId         | `"Username"`
          listener 1883;allow_anonymous true        | /listeners/0/authentication     | `"Anonymous"`
          allow_anonymous true;listener 1883;listener_allow_anonymous false | /listeners/0/authentication | `"Password"`
          listener 9001;protocol websockets         | /listeners/0/transport          | `"Websockets"`
          listener 9001;protocol websockets         | /listeners/0/name               | `"ws"`
          listener 80;protocol websockets           | /listeners/0/port               | 8080
          listener 80;protocol websockets           | /listeners/0/service/port       | 80
          listener 8884                             | /listeners/0/port               | 8885
          listener 8884                             | /listeners/0/service/port       | 8884
          listener 1883;listener 1884               | /listeners/1/name               | `"mqtt-1884"`
          port 1999                                 | /listeners/0/port               | 1999
          listener 1883;max_connections 7           | /listeners/0/maxConnections     | 7
          listener 1883;enable_proxy_protocol 2     | /listeners/0/proxyProtocol      | `"V2"`
          listener 8883;certfile c;keyfile k;tls_version tlsv1.3 | /listeners/0/tls/minVersion | `"1.3"`
          listener 8883;certfile c;keyfile k;ciphers ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA | /listeners/0/tls/ciphers | `["ECDHE-RSA-AES128-GCM-SHA256","AES128-SHA"]`
          listener 8883;certfile c;keyfile k;ciphers_tls1.3 TLS_AES_256_GCM_SHA384 | /listeners/0/tls/cipherSuites | `["TLS_AES_256_GCM_SHA384"]`
          listener 8883;certfile c;keyfile k        | /listeners/0/name               | `"mqtts"`
          listener 1883;max_qos 1                   | /limits/maxQos                  | 1
          max_packet_size 5000;listener 1883        | /limits/maxPacketSize           | 5000
          max_inflight_messages 0;listener 1883     | /limits/maxInflightMessages     | 65535
          memory_limit 8388608;listener 1883        | /limits/memory                  | `"8388608"`
          persistent_client_expiration 2d;listener 1883 | /limits/sessionExpiry       | `"48h"`
          persistent_client_expiration 90s;listener 1883 | /limits/sessionExpiry      | `"90s"`
          retain_available false;listener 1883      | /messages/retain                | false
          queue_qos0_messages true;listener 1883    | /messages/queueQos0             | true
          connection_messages false;listener 1883   | /logging/connections            | false
          log_type error;log_type debug;listener 1883 | /logging/types                | `["error","debug"]`
          log_type all;listener 1883                | /logging/types                  | `["all"]`
          listener 1883                             | /storage/ephemeral              | true
          persistence true;autosave_interval 30;listener 1883 | /storage/autosaveInterval | `"30s"`
          """)
  void anOptionBecomesAField(String lines, String pointer, String value) throws IOException {
    var answer = json(lines.replace(';', '\n'), "alice:" + HASH, "");
    assertThat(broker(answer).at("/spec" + pointer)).hasToString(value);
    check();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          listener 1883;listener 1884 127.0.0.1       | 4 | listener 1884: only its own machine reaches it
          listener 1883;listener 0 /run/mosquitto     | 4 | it is a Unix socket
          listener 1883;listener 1884;protocol http_api | 4 | has no HTTP API
          listener 1883;listener 1884;mount_point a/  | 4 | its mount_point
          listener 1883;listener 1884;psk_hint x      | 4 | without use_identity_as_username
          listener 1883;listener 1884;certfile c;keyfile k;require_certificate true | 4 | ask for a client certificate
          listener 1883;listener 1884;certfile c;keyfile k;use_identity_as_username true | 4 | ask for a client certificate
          listener 1883;listener 1884;certfile c;keyfile k;use_subject_as_username true | 4 | not its whole subject
          listener 1883;listener 1884;enable_proxy_protocol 2;proxy_protocol_v2_require_tls true | 4 | proxy_protocol_v2_require_tls
          """)
  void aListenerThatKeptOutMoreIsLeftOut(String lines, int line, String said) throws IOException {
    var answer = json(lines.replace(';', '\n'), "alice:" + HASH, "");
    assertThat(broker(answer).at("/spec/listeners")).hasSize(1);
    assertThat(left(answer, "left out"))
        .anyMatch(each -> each.startsWith(line + " ") && each.contains(said));
  }

  @Test
  void aBrokerThatIsReachedFromItsOwnMachineIsNotOpened() throws IOException {
    var answer = json("max_keepalive 60", "alice:" + HASH, "");
    assertThat(broker(answer).at("/spec").has("listeners")).isFalse();
    assertThat(left(answer, "changed")).anyMatch(each -> each.contains("mqtts at 8883"));
  }

  @Test
  void aListenerWithOtherUsersIsAnotherBroker() throws IOException {
    Files.writeString(folder.resolve("others"), "bob:" + HASH + "\n");
    var lines =
        """
        per_listener_settings true
        listener 1883
        password_file passwords
        acl_file acl
        listener 1884
        password_file others
        acl_file acl
        """;
    var first = write(lines, "alice:" + HASH + "\n", "user alice\ntopic a\n");
    assertThat(left(first, "left out")).anyMatch(each -> each.contains("--listener 1884"));
    assertThat(first.toString()).contains("\"alice\"").doesNotContain("\"bob\"");
    var second =
        new ObjectMapper().readTree(run("--listener", "1884", "-b", "second", "-o", "json").out());
    assertThat(second.toString()).contains("\"bob\"").doesNotContain("\"alice\"");
    assertThat(broker(second).at("/spec/listeners/0/port").asInt()).isEqualTo(1884);
    assertThat(run("--listener", "9").errors()).contains("there is no listener 9");
  }

  @Test
  void usersOfAnOpenListenerGetOneThatTakesThem() throws IOException {
    var answer =
        json("allow_anonymous true\nlistener 1883", "alice:" + HASH, "user alice\ntopic a\n");
    assertThat(broker(answer).at("/spec/listeners/0/authentication").asText())
        .isEqualTo("Anonymous");
    assertThat(broker(answer).at("/spec/listeners/1/authentication").asText())
        .isEqualTo("Password");
    check();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          alice:$6$AAAAAAAAAAAAAAAA$BBBB            | one round of SHA-512
          alice:$argon2id$v=19$m=47104$AAAA$BBBB    | Argon2
          alice:$7$20000$SALT_AND_HASH              | 20000 iterations
          alice:in-the-clear                        | is none
          alice:                                    | no password
          al ice:HASH                               | a username is 1 to 128
          é:HASH                                    | a username is 1 to 128
          """)
  void aUserThatCannotBeTakenIsTold(String line, String said) throws IOException {
    var answer = json(OPEN, line.replace("SALT_AND_HASH", SALT_AND_HASH).replace("HASH", HASH), "");
    assertThat(left(answer, "left out")).anyMatch(each -> each.contains(said));
    assertThat(resources(answer, "MqttUser")).isEmpty();
    assertThat(answer.toString()).doesNotContain("in-the-clear", "BBBB");
  }

  @Test
  void aUserWhoseHashIsNotTakenMayGetANewPassword() throws IOException {
    json(OPEN, "alice:$6$AAAA$BBBB", "user alice\ntopic a\n");
    var answer = new ObjectMapper().readTree(run("--new-passwords", "-o", "json").out());
    assertThat(resources(answer, "MqttUser").getFirst().at("/spec").has("password")).isFalse();
    assertThat(resources(answer, "Secret")).isEmpty();
    assertThat(left(answer, "changed"))
        .anyMatch(each -> each.contains("a new password is generated"));
  }

  @Test
  void namesThatLookAlikeStayApart() throws IOException {
    var names = List.of("alice", "Alice", "ALICE", "a_b", "a-b", "-", "@", "x".repeat(128));
    var passwords = String.join("\n", names.stream().map(name -> name + ":" + HASH).toList());
    var answer = json(OPEN, passwords, "");
    var users = resources(answer, "MqttUser");
    assertThat(users).hasSize(names.size());
    assertThat(users.stream().map(user -> user.at("/metadata/name").asText()))
        .doesNotHaveDuplicates()
        .contains("alice", "a-b")
        .allMatch(name -> name.length() <= 63);
    check();
  }

  @Test
  void whatALostDenialNarrowedIsLostWithIt() throws IOException {
    var answer =
        json(
            OPEN,
            "alice:" + HASH,
            "user alice\ntopic deny a/{x}/#\ntopic readwrite a/#\ntopic write b\n");
    assertThat(resources(answer, "MqttAcl")).hasSize(1);
    assertThat(resources(answer, "MqttAcl").getFirst().at("/spec/rules"))
        .hasToString("[{\"topics\":[\"b\"],\"access\":[\"Publish\"]}]");
    assertThat(left(answer, "left out"))
        .anyMatch(each -> each.startsWith("2 topic deny a/{x}/#"))
        .anyMatch(each -> each.startsWith("3 topic readwrite a/#: the denial at"));
  }

  @Test
  void moreThanAnObjectHoldsIsCutDenialsFirst() throws IOException {
    var acl = new StringBuilder("user alice\n");
    IntStream.range(0, 3000).forEach(i -> acl.append("topic read t/%d\n".formatted(i)));
    acl.append("topic deny t/+/secret\n");
    var answer = json(OPEN, "alice:" + HASH, acl.toString());
    var acls = resources(answer, "MqttAcl");
    assertThat(acls).hasSize(2);
    assertThat(acls.getFirst().at("/spec/rules/0/effect").asText()).isEqualTo("Deny");
    check();
  }

  @Test
  void everyOptionOfMosquittoIsSomewhere() throws IOException {
    var options =
        Stream.of(
                "allow_duplicate_messages true,allow_zero_length_clientid true,auto_id_prefix x-",
                "autosave_on_changes true,check_retain_source true,clientid_prefixes x",
                "enable_control_api true,global_max_clients 5,global_max_connections 5",
                "log_dest stdout,log_facility 1,log_timestamp true,log_timestamp_format %s",
                "message_size_limit 5,packet_buffer_size 5,persistence_file x,persistence_location y",
                "pid_file p,retain_expiry_interval 5,retry_interval 5,set_tcp_nodelay true",
                "sys_interval 5,upgrade_outgoing_qos true,user x,websockets_headers_size 5",
                "websockets_log_level 5,max_queued_messages 0,never_heard_of x,log_type internal",
                "listener 1883,accept_protocol_versions 4,bind_interface eth0,cafile x,capath x",
                "certfile c,keyfile k,ciphers x,ciphers_tls1.3 x,crlfile x,dhparamfile x",
                "disable_client_cert_date_checks true,http_dir /,listener_auto_id_prefix x",
                "max_topic_alias_broker 5,socket_domain ipv4,tls_engine x,tls_keyform engine",
                "tls_engine_kpass_sha1 x,tls_version tlsv1.1,websockets_origin x",
                "require_certificate false,max_connections -1")
            .flatMap(line -> Stream.of(line.split(",", -1)))
            .toList();
    var answer = json(String.join("\n", options), "alice:" + HASH, "");
    var said =
        StreamSupport.stream(answer.path("list").spliterator(), false)
            .map(JsonNode::toString)
            .toList();
    for (var option : options) {
      var name = option.replaceFirst(" .*", "");
      assertThat(said)
          .as(option)
          .anyMatch(
              each ->
                  each.contains("\"" + name + "\"")
                      || List.of("listener", "keyfile").contains(name));
    }
    check();
  }

  @Test
  void bridgesAndPluginsAreTold() throws IOException {
    var answer =
        json(
            OPEN
                + """
                plugin /usr/lib/mosquitto_dynamic_security.so
                plugin_opt_config_file /secret/path
                connection cloud
                address example.com
                remote_password sesame
                topic # out
                """,
            "alice:" + HASH,
            "user alice\ntopic a\n");
    assertThat(left(answer, "left out"))
        .anyMatch(each -> each.contains("plugin mosquitto_dynamic_security.so"))
        .anyMatch(each -> each.contains("connection cloud, with its 3 lines"));
    assertThat(resources(answer, "MqttAcl")).as("a plugin may have refused it").isEmpty();
    assertThat(answer.toString()).doesNotContain("sesame", "/secret/path");
  }

  @Test
  void pluginsThatReadTheFilesAreTheFiles() throws IOException {
    write(
        """
        listener 1883
        plugin /usr/lib/mosquitto_password_file.so
        plugin_opt_password_file passwords
        plugin_load rules /usr/lib/mosquitto_acl_file.so
        plugin_opt_acl_file acl
        plugin_use rules
        """,
        "alice:" + HASH + "\n",
        "user alice\ntopic write a\n");
    var out = run().out();
    assertThat(out)
        .contains("name: user-alice")
        .contains("- Publish")
        .doesNotContain("- Subscribe");
  }

  @Test
  void includedFilesAreReadInTheirOrder() throws IOException {
    var more = Files.createDirectory(folder.resolve("conf.d"));
    Files.writeString(more.resolve("b.conf"), "max_qos 1\n");
    Files.writeString(more.resolve("A.conf"), "listener 1885\nmax_connections 3\n");
    Files.writeString(more.resolve("no.txt"), "listener 1886\n");
    var answer = write("listener 1883\ninclude_dir " + more + "\n", null, null);
    assertThat(broker(answer).at("/spec/listeners").findValuesAsText("port"))
        .as("b.conf begins without a listener, and opens the default one")
        .containsExactly("1883", "1885", "1884");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          usre alice          | acl:2: Mosquitto does not start with this line
          topic raed a        | 'raed' is none of read, write
          topic read a/#/b    | a '+' or '#' that is not a whole level
          topic               | it has no topic
          user                | a user without a name
          """)
  void anAclFileWithWhichMosquittoDoesNotStartIsNotRead(String line, String said)
      throws IOException {
    json(OPEN, "alice:" + HASH, "user alice\n" + line + "\n");
    var run = run();
    assertThat(run.errors()).contains(said);
    assertThat(run.status()).isEqualTo(KubectlMqtt.NO_ANSWER);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void filesOfAnotherMachineAreFoundBelowItsRoot() throws IOException {
    var etc = Files.createDirectories(folder.resolve("copy/etc/mosquitto"));
    Files.writeString(etc.resolve("passwd"), "alice:" + HASH + "\n");
    write("listener 1883\npassword_file /etc/mosquitto/passwd\n", null, null);
    assertThat(run().errors()).contains("--root", "--password-file");
    assertThat(run("--root", folder.resolve("copy") + "").out()).contains("name: alice");
  }

  @Test
  void hashesAreShownOnATerminalOnlyIfAskedFor() throws IOException {
    json(OPEN, "alice:" + HASH, "");
    System.setProperty(KubectlMqtt.TERMINAL, "true");
    try {
      var run = run();
      assertThat(run.out()).doesNotContain(HASH).contains("kind: MqttUser");
      assertThat(run.errors()).contains("--secrets with");
      assertThat(run("--secrets", "with").out()).contains(HASH);
    } finally {
      System.clearProperty(KubectlMqtt.TERMINAL);
    }
    assertThat(run().out()).contains(HASH);
    assertThat(run().errors()).contains("the Secrets hold hashes").doesNotContain(HASH);
    assertThat(run("--secrets", "without").out()).doesNotContain(HASH);
  }

  @Test
  void filesAreForTheirOwnerAlone() throws IOException {
    json(OPEN, "alice:" + HASH, "user alice\ntopic a\n");
    var made = folder.resolve("made");
    assertThat(run("-d", made + "").out().lines()).hasSize(4);
    var secrets = made.resolve("3-secrets.yaml");
    assertThat(Files.readString(secrets)).contains(HASH);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
        .isEqualTo("rw-------");
  }

  @Test
  void strictEndsWithOneIfAnythingIsLeftOut() throws IOException {
    json(OPEN, "alice:" + HASH, "user alice\ntopic a\n");
    assertThat(run("--strict").status()).isZero();
    json(OPEN + "sys_interval 5\n", "alice:" + HASH, "");
    assertThat(run("--strict").status()).isEqualTo(KubectlMqtt.NO);
    assertThat(run().status()).isZero();
  }

  private JsonNode json(String configuration, String passwords, String acl) throws IOException {
    return write(
        "password_file passwords\nacl_file acl\n" + configuration + "\n", passwords + "\n", acl);
  }

  private JsonNode write(
      String configuration,
      @org.jspecify.annotations.Nullable String passwords,
      @org.jspecify.annotations.Nullable String acl)
      throws IOException {
    Files.writeString(folder.resolve("mosquitto.conf"), configuration);
    if (passwords != null) {
      Files.writeString(folder.resolve("passwords"), passwords);
    }
    if (acl != null) {
      Files.writeString(folder.resolve("acl"), acl);
    }
    return new ObjectMapper().readTree(run("-o", "json").out());
  }

  private Run run(String... more) {
    return Run.of(
        Stream.concat(
                Stream.of("import", folder.resolve("mosquitto.conf").toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  /** What is made is what {@code check} takes. */
  private void check() {
    var made = folder.resolve("checked").toString();
    assertThat(run("-d", made).status()).isZero();
    var check = Run.of("check", made);
    assertThat(check.out()).contains(" 0 errors");
  }

  private static JsonNode broker(JsonNode answer) {
    return resources(answer, "MqttBroker").getFirst();
  }

  private static List<JsonNode> resources(JsonNode answer, String kind) {
    return StreamSupport.stream(answer.path("resources").spliterator(), false)
        .filter(resource -> resource.path("kind").asText().equals(kind))
        .toList();
  }

  /** As {@code LINE WHAT: WHY. INSTEAD.} */
  private static List<String> left(JsonNode answer, String fate) {
    return StreamSupport.stream(answer.path("list").spliterator(), false)
        .filter(entry -> entry.path("fate").asText().equals(fate))
        .map(
            entry ->
                "%s %s: %s. %s"
                    .formatted(
                        entry.path("line").asText(),
                        entry.path("what").asText(),
                        entry.path("why").asText(),
                        entry.path("instead").asText()))
        .toList();
  }
}
