package io.mqttoperator.operator.pki;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.util.IPAddress;

/**
 * The names that a client compares with the server it wants: the subject alternative name (RFC 5280
 * 4.2.1.6).
 */
final class ServerNames {
  private static final int MAX_DNS_NAME = 253;
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(\\*\\.)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*");

  private ServerNames() {}

  static String dnsName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.length() > MAX_DNS_NAME || !DNS_NAME.matcher(lower).matches()) {
      throw new IllegalArgumentException(
          "not a DNS name: expected labels of a to z, 0 to 9 and -, at most 253 characters, * only as the first label");
    }
    // A client looks for an address among the addresses only, so that such a name would never
    // match.
    if (IPAddress.isValidIPv4(lower)) {
      throw new IllegalArgumentException(
          "an IP address is given as a DNS name: give it as an address");
    }
    return lower;
  }

  static String ipAddress(String literal) {
    // Asked before InetAddress, which would look anything else up in the DNS.
    if (!IPAddress.isValidIPv4(literal) && !IPAddress.isValidIPv6(literal)) {
      throw new IllegalArgumentException("not an IP address: expected an IPv4 or IPv6 literal");
    }
    return address(literal).getHostAddress();
  }

  static GeneralNames encode(ServerProfile profile) {
    return new GeneralNames(
        Stream.concat(
                profile.dnsNames().stream().map(name -> new GeneralName(GeneralName.dNSName, name)),
                profile.ipAddresses().stream()
                    .map(
                        ip ->
                            new GeneralName(
                                GeneralName.iPAddress,
                                new DEROctetString(address(ip).getAddress()))))
            .toArray(GeneralName[]::new));
  }

  /** Whether a certificate names exactly what the profile does, in any order. */
  static boolean match(X509Certificate certificate, ServerProfile profile) {
    Set<String> wanted = new HashSet<>();
    profile.dnsNames().forEach(name -> wanted.add(GeneralName.dNSName + " " + name));
    profile.ipAddresses().forEach(ip -> wanted.add(GeneralName.iPAddress + " " + ip));
    return CommonName.of(certificate).equals(profile.subjectName())
        && wanted.equals(of(certificate));
  }

  /** Whether a certificate has any name that clients compare. */
  static boolean hasAny(X509Certificate certificate) {
    return of(certificate).stream()
        .anyMatch(
            name ->
                name.startsWith(GeneralName.dNSName + " ")
                    || name.startsWith(GeneralName.iPAddress + " "));
  }

  /**
   * Whether a certificate names a host, itself or by a wildcard as the first label (RFC 6125
   * section 6.4.3). What the subject says is not looked at.
   */
  static boolean covers(X509Certificate certificate, String dnsName) {
    String name = dnsName.toLowerCase(Locale.ROOT);
    int dot = name.indexOf('.');
    String wildcard = dot < 0 ? name : "*" + name.substring(dot);
    return of(certificate).stream()
        .map(found -> found.toLowerCase(Locale.ROOT))
        .anyMatch(
            found ->
                found.equals(GeneralName.dNSName + " " + name)
                    || found.equals(GeneralName.dNSName + " " + wildcard));
  }

  private static Set<String> of(X509Certificate certificate) {
    Set<String> names = new HashSet<>();
    try {
      Collection<List<?>> encoded = certificate.getSubjectAlternativeNames();
      for (List<?> name : encoded == null ? List.<List<?>>of() : encoded) {
        String value = String.valueOf(name.get(1));
        boolean isAddress = Integer.valueOf(GeneralName.iPAddress).equals(name.get(0));
        names.add(name.get(0) + " " + (isAddress ? ipAddress(value) : value));
      }
    } catch (CertificateParsingException | IllegalArgumentException e) {
      return Set.of(); // Not a certificate of ours: it matches no profile.
    }
    return names;
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: expected an IPv4 or IPv6 literal", e);
    }
  }
}
