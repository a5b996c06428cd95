package io.mqttoperator.operator.mqtt;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where one broker pod's internal listener is.
 *
 * @param uid what tells this pod from every other that ever had its name or address: the pod's UID,
 *     or better the UID and the broker container's ID, so that a restarted container gets a
 *     connection of its own
 * @param name the pod's name, for messages
 * @param address the pod's IP address, a literal (IPv4 or IPv6)
 * @param port the internal listener's port, 1 to 65535
 * @param serverName the DNS name that the server's certificate must carry
 */
public record PodEndpoint(String uid, String name, String address, int port, String serverName) {

  public PodEndpoint {
    if (!NetUtil.isValidIpV4Address(address) && !NetUtil.isValidIpV6Address(address)) {
      throw new IllegalArgumentException(
          "pod " + name + ": address must be an IP address, found \"" + address + "\"");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "pod " + name + ": port must be 1 to 65535, found " + port);
    }
  }

  /**
   * The address under the server's name: nothing is looked up, and the JDK compares the certificate
   * with that name (RFC 2818, section 3.1) and sends it as SNI.
   */
  InetSocketAddress socketAddress() {
    try {
      // A literal is never looked up (InetAddress.getByName).
      byte[] bytes = InetAddress.getByName(address).getAddress();
      return new InetSocketAddress(InetAddress.getByAddress(serverName, bytes), port);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("not an IP address: " + address, impossible);
    }
  }
}
