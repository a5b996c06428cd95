package io.mqttoperator.operator.pki;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The authorities that are in use: one that was brought, or those that the operator has made.
 *
 * @param all the first one signs
 * @param formers which of them sign no more, and since when
 * @param isAlone whether nothing is shown after the signing one's own chain
 */
public record Signers(List<OwnAuthority> all, List<FormerAuthority> formers, boolean isAlone) {

  public static Signers of(OwnAuthority brought) {
    return new Signers(List.of(brought), List.of(), true);
  }

  /** What is made and does not sign yet is none of them. */
  public static Signers of(Authorities generated) {
    return new Signers(
        Stream.concat(
                Stream.of(generated.issuing()),
                generated.formers().stream().map(FormerAuthority::authority))
            .map(OwnAuthority::of)
            .toList(),
        generated.formers(),
        generated.path().isEmpty());
  }

  OwnAuthority signing() {
    return all.getFirst();
  }

  /** Since when one signs no more, if now another set takes their place. */
  Instant left(OwnAuthority one, Instant now) {
    return formers.stream()
        .filter(former -> former.authority().pair().equals(one.pair()))
        .flatMap(former -> former.since().stream())
        .findFirst()
        .orElse(now);
  }

  boolean has(OwnAuthority one) {
    return all.stream().anyMatch(one::isSameAs);
  }
}
