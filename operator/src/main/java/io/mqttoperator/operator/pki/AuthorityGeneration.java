package io.mqttoperator.operator.pki;

/**
 * One of the authorities that a broker has had, one after the other.
 *
 * @param number counts them, from 1; no two of a broker have the same
 * @param asked the generation that the spec asked for when it was made; one made because its
 *     predecessor was about to end has that one's
 */
public record AuthorityGeneration(int number, int asked, KeyAndCertificate pair) {

  @Override
  public String toString() {
    return "AuthorityGeneration[" + number + ", " + pair.serialHex() + "]";
  }
}
