package io.mqttoperator.operator.pki;

import java.time.Duration;

/**
 * What is asked of a broker's own authorities.
 *
 * @param name of the first; the others have their number after it
 * @param renewBefore how long before an authority's end the next one is made
 * @param overlap how long a former one is trusted after all that it has issued was replaced
 * @param generation raised to have another now; that of one which is still trusted lets that one
 *     issue again
 */
public record AuthorityRequest(
    String name,
    KeyAlgorithm keyAlgorithm,
    Duration validity,
    Duration renewBefore,
    Duration overlap,
    int generation) {

  AuthorityProfile profile(int number) {
    return new AuthorityProfile(
        CommonName.shortened(number == 1 ? name : name + " " + number), keyAlgorithm, validity);
  }
}
