package io.mqttoperator.operator.pki;

import static io.mqttoperator.operator.pki.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mqttoperator.operator.testing.CachedBinary;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * All rules of zlint for the RFCs on certificates. What browsers and public authorities add to them
 * (such as certificate transparency) is not for the CA of a broker.
 */
class LinterTest {

  private static final String FOR_PUBLIC_AUTHORITIES =
      "Apple,CABF_BR,CABF_EV,CABF_SMIME_BR,ETSI_ESI,Mozilla,RFC6962";

  /** Within a cluster a Service has a name without dots, which no public authority could sign. */
  private static final Set<String> NOT_FOR_US = Set.of("n_san_iana_pub_suffix_empty");

  private static final TypeReference<Map<String, Map<String, Object>>> RESULTS =
      new TypeReference<>() {};

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void findsNothingInWhatIsIssued(KeyAlgorithm algorithm) throws Exception {
    var issued = Samples.Issued.with(algorithm);
    assertThat(findings("authority", issued.authority().certificatePem())).isEmpty();
    assertThat(findings("server", issued.server().certificatePem())).isEmpty();
    assertThat(findings("client", issued.client().certificatePem())).isEmpty();
    var issuer = Samples.issuer(NOW);
    var next = issuer.createAuthority(new AuthorityProfile("next", algorithm, Samples.YEAR));
    var across = issuer.signAcross(next, issued.authority(), 0);
    assertThat(findings("across", TrustBundle.pem(List.of(across)))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void findsNothingInRevocationLists(KeyAlgorithm algorithm) throws Exception {
    var authority = Samples.Issued.with(algorithm).authority();
    var issuer = Samples.issuer(NOW);
    assertThat(findings("empty", issuer.certificateRevocationList(authority).pem())).isEmpty();
    var revoked = List.of(new RevokedCertificate(BigInteger.TWO.pow(126), NOW.minusSeconds(60)));
    assertThat(findings("list", issuer.certificateRevocationList(authority, revoked).pem()))
        .isEmpty();
  }

  /** A linter that finds nothing in anything would let all of the above pass. */
  @Test
  void findsWhatIsWrong() throws Exception {
    var openSsl = new OpenSsl(folder);
    var made =
        openSsl.run(
            "req",
            "-x509",
            "-newkey",
            "rsa:1024",
            "-noenc",
            "-subj",
            "/CN=a",
            "-days",
            "1",
            "-set_serial",
            "0",
            "-keyout",
            "weak.key",
            "-out",
            "weak.crt");
    assertThat(made.exitCode()).as(made.output()).isZero();
    assertThat(findings("weak", openSsl.read("weak.crt")))
        .containsKey("e_serial_number_not_positive");
  }

  /** Names of the rules that are broken, and how badly. */
  private Map<String, String> findings(String name, byte[] pem) throws Exception {
    var file = Files.write(folder.resolve(name + ".pem"), pem);
    var process =
        new ProcessBuilder(
                CachedBinary.find("zlint").toString(),
                "-excludeSources",
                FOR_PUBLIC_AUTHORITIES,
                file.toString())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0 || said.isBlank()) {
      throw new IOException("zlint: " + said + Files.readString(folder.resolve("errors")));
    }
    var broken = new TreeMap<String, String>();
    new ObjectMapper()
        .readValue(said, RESULTS)
        .forEach(
            (rule, outcome) -> {
              var result = String.valueOf(outcome.get("result"));
              if (!Set.of("pass", "NA", "NE").contains(result) && !NOT_FOR_US.contains(rule)) {
                broken.put(rule, result + " " + outcome.get("details"));
              }
            });
    return broken;
  }
}
