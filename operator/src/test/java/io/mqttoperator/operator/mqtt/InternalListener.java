package io.mqttoperator.operator.mqtt;

import io.mqttoperator.operator.testing.MosquittoProcess;
import io.mqttoperator.operator.testing.OpensslAuthority;
import java.util.List;

/**
 * A Mosquitto with the operator's internal listener, as the operator configures it, and a password
 * listener beside it.
 */
final class InternalListener implements AutoCloseable {

  static final String SERVER_NAME = "b.ns.internal.mqttoperator.io";
  static final String ACCOUNT = "$mqtt-operator-0123456789abcdef0123456789abcdef";
  static final String OLD = "a".repeat(64);
  static final String NEW = "b".repeat(64);
  final MosquittoProcess mosquitto = new MosquittoProcess();

  final int port = MosquittoProcess.freePort();
  final int userPort = MosquittoProcess.freePort();

  InternalListener(OpensslAuthority authority, OpensslAuthority.Leaf server) {
    mosquitto.write(
        "mosquitto.conf",
        """
        user root
        log_dest stdout
        log_type all
        allow_anonymous false
        password_file @/passwords
        acl_file @/acl
        persistence true
        persistence_location @/
        set_tcp_nodelay true
        sys_interval 1
        listener %d 127.0.0.1
        cafile @/ca.crt
        crlfile @/ca.crl
        certfile @/server.crt
        keyfile @/server.key
        require_certificate true
        use_identity_as_username true
        use_username_as_clientid true
        listener %d 127.0.0.1
        use_username_as_clientid true
        """
            .formatted(port, userPort)
            .replace("@", mosquitto.inside("").replaceAll("/$", "")));
    trust(authority, server);
    var unused =
        List.of(
            mosquitto.run(
                "mosquitto_passwd", "-b", "-c", mosquitto.inside("passwords"), "alice", "secret"),
            mosquitto.run(
                "mosquitto_passwd", "-b", mosquitto.inside("passwords"), "bob", "secret"));
    revision(OLD);
  }

  /** Writes the server's side of TLS. */
  void trust(OpensslAuthority authority, OpensslAuthority.Leaf server) {
    mosquitto
        .write("ca.crt", authority.certificatePem())
        .write("ca.crl", authority.crlPem())
        .write("server.crt", server.certificatePem())
        .write("server.key", server.keyPem());
  }

  /** Writes the ACL file of a revision. */
  void revision(String revision) {
    mosquitto.write(
        "acl",
        "user "
            + ACCOUNT
            + "\ntopic write $mqtt-operator/revision/"
            + revision
            + "\ntopic read $SYS/#\nuser alice\ntopic readwrite #\nuser bob\ntopic write #\n");
  }

  PodEndpoint endpoint(String uid) {
    return new PodEndpoint(uid, "b-0", "127.0.0.1", port, SERVER_NAME);
  }

  static OperatorIdentity identity(OpensslAuthority authority, String account) {
    OpensslAuthority.Leaf leaf = authority.client(account);
    return new OperatorIdentity(
        account, List.of(leaf.certificate()), leaf.key(), List.of(authority.certificate()));
  }

  @Override
  public void close() {
    mosquitto.close();
  }
}
