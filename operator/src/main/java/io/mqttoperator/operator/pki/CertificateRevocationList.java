package io.mqttoperator.operator.pki;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The certificates that an authority has revoked. Made once and stored: each rendering is signed
 * anew and differs, and Mosquitto refuses every client certificate once a list is past its end, so
 * an unreadable or old one is made again.
 */
public record CertificateRevocationList(X509CRL crl) {
  /** The most bytes read: what a Secret can hold. */
  public static final int MAX_BYTES = 1024 * 1024;

  private static final String WHAT = "the revocation list";

  /**
   * Reads one list.
   *
   * @throws InvalidCertificateException if it is not exactly one X.509 CRL as PEM, or too large
   */
  public static CertificateRevocationList parse(byte[] pem) throws InvalidCertificateException {
    List<CertificateRevocationList> lists = parseAll(pem);
    if (lists.size() != 1) {
      throw new InvalidCertificateException(WHAT + ": exactly one X509 CRL block is expected");
    }
    return lists.get(0);
  }

  /**
   * Reads one list after the other.
   *
   * @throws InvalidCertificateException if it is anything else as PEM, or too large
   */
  public static List<CertificateRevocationList> parseAll(byte[] pem)
      throws InvalidCertificateException {
    var lists = new ArrayList<CertificateRevocationList>();
    for (PemBlock block : PemBlock.parse(WHAT, pem, MAX_BYTES)) {
      if (!block.label().equals("X509 CRL")) {
        throw new InvalidCertificateException(WHAT + ": exactly one X509 CRL block is expected");
      }
      lists.add(decode(block.content()));
    }
    return List.copyOf(lists);
  }

  static CertificateRevocationList decode(byte[] der) throws InvalidCertificateException {
    try {
      var crl =
          (X509CRL)
              CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
      if (crl.getEncoded().length == der.length) {
        return new CertificateRevocationList(crl);
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      // Said below: the parser's own message could quote the content.
    }
    throw new InvalidCertificateException(WHAT + " is not an X.509 CRL");
  }

  /** The list as PEM. */
  public byte[] pem() {
    try {
      return new PemBlock("X509 CRL", crl.getEncoded()).pem();
    } catch (CRLException e) {
      throw new IllegalStateException("a revocation list that was read has no encoding", e);
    }
  }

  /** When it was made. */
  public Instant thisUpdate() {
    return crl.getThisUpdate().toInstant();
  }

  /** When it ends; where it says nothing, when it was made. */
  public Instant nextUpdate() {
    return crl.getNextUpdate() == null ? thisUpdate() : crl.getNextUpdate().toInstant();
  }

  /** The serial numbers on the list. */
  public Set<BigInteger> revokedSerials() {
    Set<? extends X509CRLEntry> entries = crl.getRevokedCertificates();
    return entries == null
        ? Set.of()
        : entries.stream()
            .map(X509CRLEntry::getSerialNumber)
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Whether the list can stay as it is: signed by this authority, valid now and as long as the
   * authority, and naming just these serial numbers.
   */
  public boolean isCurrent(X509Certificate authority, Set<BigInteger> revoked, Instant now) {
    try {
      crl.verify(authority.getPublicKey());
    } catch (GeneralSecurityException e) {
      return false;
    }
    return crl.getIssuerX500Principal().equals(authority.getSubjectX500Principal())
        && crl.getNextUpdate() != null
        && crl.getNextUpdate().toInstant().equals(authority.getNotAfter().toInstant())
        && !crl.getThisUpdate().toInstant().isAfter(now)
        && revokedSerials().equals(revoked);
  }
}
