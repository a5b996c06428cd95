package io.mqttoperator.e2e;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;

/**
 * When each certificate of a Secret was written, and when the broker first showed it: by a watch,
 * and by full, verified handshakes, one after the other.
 */
final class CertificateArrivals implements AutoCloseable {

  private static final int INTERVAL_MILLIS = 20;

  private final Map<BigInteger, Instant> written = new ConcurrentHashMap<>();
  private final Map<BigInteger, Instant> shown = new ConcurrentHashMap<>();
  private final Set<String> failures = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Watch watch;

  CertificateArrivals(Broker broker, String secret, TrustManagerFactory trust) {
    watch =
        broker
            .cluster()
            .client()
            .secrets()
            .inNamespace(broker.cluster().namespace())
            .withName(secret)
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, Secret changed) {
                    if (action != Action.DELETED) {
                      written.putIfAbsent(serial(changed), Instant.now());
                    }
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    failures.add("the watch ended: " + cause);
                  }
                });
    var address = broker.service(Broker.DEFAULT_PORT);
    var unused =
        clock.scheduleWithFixedDelay(
            () -> {
              try {
                shown.putIfAbsent(ShownCertificate.at(address, trust).serial(), Instant.now());
              } catch (IOException failed) {
                failures.add(failed.toString());
              }
            },
            0,
            INTERVAL_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private static BigInteger serial(Secret secret) {
    try {
      var pem = Base64.getDecoder().decode(secret.getData().get("tls.crt"));
      var certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem));
      return ((X509Certificate) certificate).getSerialNumber();
    } catch (CertificateException damaged) {
      throw new IllegalStateException(damaged);
    }
  }

  /** Waits until so many certificates in all were shown. */
  void awaitShown(int count, Duration limit) {
    Awaitility.await(count + " certificates shown")
        .atMost(limit)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> shown.size() >= count);
  }

  int shownSoFar() {
    return shown.size();
  }

  boolean hasShown(BigInteger serial) {
    return shown.containsKey(serial);
  }

  /** What was written after the watch began: from then until a handshake showed it, in millis. */
  List<Long> delays() {
    return written.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .skip(1) // the first one was there before
        .filter(each -> shown.containsKey(each.getKey()))
        .map(each -> Duration.between(each.getValue(), shown.get(each.getKey())).toMillis())
        .toList();
  }

  /** Each kind of failure once. */
  Set<String> failures() {
    return Set.copyOf(failures);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    watch.close();
  }
}
