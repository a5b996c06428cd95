package io.mqttoperator.operator.pki;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Whether a chain verifies, as a client would (RFC 5280 section 6). */
final class CertificatePath {

  private static final String CHAIN = "the certificate: number %d of the chain ";

  private CertificatePath() {}

  /**
   * Requires that it does.
   *
   * @param chain in order, each signed by the next
   * @param trust what the client trusts; empty: the last of the chain
   * @throws InvalidCertificateException with what is wrong
   */
  static void require(List<X509Certificate> chain, List<X509Certificate> trust, Instant now)
      throws InvalidCertificateException {
    for (int i = 0; i < chain.size(); i++) {
      requireDates(CHAIN.formatted(i + 1), chain.get(i), now);
    }
    var anchors = trust.isEmpty() ? List.of(chain.getLast()) : trust;
    var path = chain.stream().takeWhile(certificate -> !anchors.contains(certificate)).toList();
    verify(
        path,
        path.size() < chain.size() ? chain.get(path.size()) : issuer(chain.getLast(), trust, now),
        now);
  }

  private static X509Certificate issuer(
      X509Certificate last, List<X509Certificate> trust, Instant now)
      throws InvalidCertificateException {
    var issuers =
        trust.stream().filter(anchor -> KeyAndCertificate.isSignedBy(last, anchor)).toList();
    if (issuers.isEmpty()) {
      throw new InvalidCertificateException(
          "the certificate: the last of the chain is signed by no certificate of ca.crt. Put the"
              + " intermediate certificates into tls.crt after the server's own, and the root into"
              + " ca.crt");
    }
    for (var issuer : issuers) {
      if (isValid(issuer, now)) {
        return issuer;
      }
    }
    // OpenSSL, unlike Java, looks at the dates of what is trusted, too.
    requireDates("ca.crt: the certificate that signed the chain ", issuers.getFirst(), now);
    return issuers.getFirst();
  }

  private static boolean isValid(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  private static void requireDates(String what, X509Certificate certificate, Instant now)
      throws InvalidCertificateException {
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      throw new InvalidCertificateException(
          what + "is not valid before " + certificate.getNotBefore().toInstant());
    }
    if (now.isAfter(certificate.getNotAfter().toInstant())) {
      throw new InvalidCertificateException(
          what + "ended at " + certificate.getNotAfter().toInstant());
    }
  }

  private static void verify(List<X509Certificate> path, X509Certificate anchor, Instant now)
      throws InvalidCertificateException {
    if (path.isEmpty()) {
      return; // it is trusted itself
    }
    // A root is verified as part of the path: Java would not look at what it says of itself.
    var isRoot = KeyAndCertificate.isSelfSigned(anchor);
    var whole = isRoot ? Stream.concat(path.stream(), Stream.of(anchor)).toList() : path;
    var trusted =
        isRoot
            ? new TrustAnchor(anchor.getSubjectX500Principal(), anchor.getPublicKey(), null)
            : new TrustAnchor(anchor, null);
    try {
      var parameters = new PKIXParameters(Set.of(trusted));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      var unused =
          CertPathValidator.getInstance("PKIX")
              .validate(
                  CertificateFactory.getInstance("X.509").generateCertPath(whole), parameters);
    } catch (CertPathValidatorException e) {
      throw new InvalidCertificateException(sentence(e, path.size()));
    } catch (GeneralSecurityException e) {
      throw new InvalidCertificateException("the certificate: its chain cannot be verified");
    }
  }

  private static String sentence(CertPathValidatorException failure, int length) {
    var where =
        failure.getIndex() < 0
            ? "the certificate: its chain "
            : failure.getIndex() < length
                ? CHAIN.formatted(failure.getIndex() + 1)
                : "the root of the chain ";
    return where
        + switch (failure.getReason()) {
          case PKIXReason reason ->
              switch (reason) {
                case NOT_CA_CERT, INVALID_KEY_USAGE ->
                    "signs another, but may not: it needs basicConstraints CA:TRUE and keyCertSign";
                case PATH_TOO_LONG -> "has a pathLen that allows fewer certificates below it";
                case INVALID_NAME -> "has a name that a CA above it may not sign for";
                case UNRECOGNIZED_CRIT_EXT ->
                    "has a critical extension that TLS clients do not know";
                case NO_TRUST_ANCHOR, NAME_CHAINING, INVALID_POLICY ->
                    "does not lead to a certificate of ca.crt";
              };
          default -> "cannot be verified: " + failure.getReason();
        };
  }
}
