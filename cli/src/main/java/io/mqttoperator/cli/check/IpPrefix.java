package io.mqttoperator.cli.check;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An IP address with the length of a network's prefix, read as Go's {@code net/netip} does for the
 * CEL library of Kubernetes: no leading zeros, no zone, no IPv4 address within an IPv6 one.
 *
 * @param address 4 or 16 bytes, in hexadecimal digits
 * @param bits of the prefix
 */
record IpPrefix(String address, int bits) {

  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])([.](?!$)|$)){4}");

  /** What it looks like; whether it is one, the JDK tells, which looks up no such name. */
  private static final Pattern IPV6 = Pattern.compile("(?=.*:)(?!.*[0-9a-fA-F]{5})[0-9a-fA-F:.]+");

  private static final Pattern BITS = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final int OCTETS_OF_IPV6 = 16;

  /** An address alone. */
  static Optional<IpPrefix> ofAddress(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      var bytes = InetAddress.getByName(text).getAddress();
      // The JDK makes an IPv4 address of one that is within an IPv6 one.
      return text.indexOf(':') >= 0 && bytes.length < OCTETS_OF_IPV6
          ? Optional.empty()
          : Optional.of(new IpPrefix(HexFormat.of().formatHex(bytes), bytes.length * Byte.SIZE));
    } catch (UnknownHostException none) {
      return Optional.empty();
    }
  }

  /** An address, a slash and a length. */
  static Optional<IpPrefix> ofNetwork(String text) {
    var slash = text.lastIndexOf('/');
    if (slash < 0 || !BITS.matcher(text.substring(slash + 1)).matches()) {
      return Optional.empty();
    }
    var bits = Integer.parseInt(text.substring(slash + 1));
    return ofAddress(text.substring(0, slash))
        .filter(address -> bits <= address.bits())
        .map(address -> new IpPrefix(address.address(), bits));
  }

  /** The same with zeros after the prefix. */
  IpPrefix masked() {
    var bytes = HexFormat.of().parseHex(address);
    for (int i = 0; i < bytes.length; i++) {
      var kept = Math.clamp(bits - i * Byte.SIZE, 0, Byte.SIZE);
      bytes[i] = (byte) (bytes[i] & (0xFF00 >> kept));
    }
    return new IpPrefix(HexFormat.of().formatHex(bytes), bits);
  }

  /** Whether all addresses of another network are of this one. */
  boolean contains(IpPrefix other) {
    return address.length() == other.address.length()
        && bits <= other.bits
        && masked().address.equals(new IpPrefix(other.address, bits).masked().address);
  }

  /** One text for each value. */
  @Override
  public String toString() {
    return address + "/" + bits;
  }

  static IpPrefix parse(String text) {
    var slash = text.indexOf('/');
    return new IpPrefix(text.substring(0, slash), Integer.parseInt(text.substring(slash + 1)));
  }
}
