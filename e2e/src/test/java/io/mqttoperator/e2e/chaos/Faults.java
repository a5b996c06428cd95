package io.mqttoperator.e2e.chaos;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Installation;
import io.mqttoperator.e2e.MosquittoInPod;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Does what a fault says, and answers what tells that it is over. */
final class Faults {

  private static final String KILL = MosquittoInPod.signal("KILL");

  private static final int SHORTEST_PAUSE_SECONDS = 5;
  private static final int LONGEST_PAUSE_SECONDS = 20;

  private final Cluster cluster;
  private final Installation operator;
  private final Pods pods;
  private final ApiServer apiServer;
  private final RandomGenerator random;
  private final Settings settings;
  private final Stop stop;

  Faults(
      Cluster cluster,
      Pods pods,
      ApiServer apiServer,
      RandomGenerator random,
      Settings settings,
      Stop stop) {
    this.cluster = cluster;
    this.operator = new Installation(cluster);
    this.pods = pods;
    this.apiServer = apiServer;
    this.random = random;
    this.settings = settings;
    this.stop = stop;
  }

  /** What has to be so, besides that all is Ready, before a fault is over. */
  interface Over {
    boolean isOver();
  }

  Fault any() {
    var all = Fault.all(settings.withApiServer());
    return all.get(random.nextInt(all.size()));
  }

  /** One of the broker's pods; for a bridge not the hub, which has none. */
  int anyPod(Fault fault) {
    return fault == Fault.BRIDGE_KILLED
        ? 1 + random.nextInt(settings.replicas() - 1)
        : random.nextInt(settings.replicas());
  }

  Over happen(Fault fault, int pod) {
    var name = ChaosRun.BROKER + "-" + pod;
    return switch (fault) {
      case POD_DELETED -> another(pod, () -> kubectl("delete", "pod/" + name, "--wait=false"));
      case POD_DELETED_BY_FORCE ->
          another(pod, () -> kubectl("delete", "pod/" + name, "--force", "--grace-period=0"));
      case BROKER_KILLED -> another(pod, () -> exec(name, "mosquitto", KILL));
      case BRIDGE_KILLED -> {
        exec(name, "bridge", KILL);
        yield () -> true;
      }
      case OPERATOR_KILLED -> killOperator();
      case API_SERVER_PAUSED -> {
        pauseApiServer();
        yield () -> true;
      }
      case API_SERVER_KILLED -> {
        apiServer.kill();
        stop.isToldWithin(somewhile());
        apiServer.start();
        yield () -> true;
      }
      case BROKER_KILLED_WITHOUT_API_SERVER -> another(pod, () -> killWithoutApiServer(name));
    };
  }

  private interface Command {
    boolean hasWorked();
  }

  /** Over when the broker's next life has begun; a pod that is away just now cannot be told. */
  private Over another(int pod, Command end) {
    var before = pods.member(pod);
    if (!end.hasWorked() || before.isEmpty()) {
      return () -> true;
    }
    return () -> pods.member(pod).filter(now -> !now.isSameLife(before.get())).isPresent();
  }

  /** What is begun in the container goes on when nobody can be asked any more. */
  private boolean killWithoutApiServer(String pod) {
    var hasWorked = exec(pod, "mosquitto", "(sleep 2; " + KILL + ") >/dev/null 2>&1 &");
    pauseApiServer();
    return hasWorked;
  }

  private Over killOperator() {
    var leader = operator.leader();
    operator.kill(leader);
    return () -> {
      var now = operator.leader();
      return !now.equals(leader)
          && operator.pods().stream().anyMatch(pod -> pod.getMetadata().getName().equals(now));
    };
  }

  private void pauseApiServer() {
    apiServer.pause();
    stop.isToldWithin(somewhile());
    apiServer.goOn();
  }

  private Duration somewhile() {
    return Duration.ofSeconds(random.nextInt(SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS));
  }

  private boolean exec(String pod, String container, String script) {
    return kubectl("exec", pod, "-c", container, "--", "sh", "-c", script);
  }

  private boolean kubectl(String... arguments) {
    return cluster.kubectl().run(arguments).status() == 0;
  }

  boolean allReady() {
    return pods.ready().size() == settings.replicas()
        && cluster
            .condition("mqb", ChaosRun.BROKER, "Ready")
            .filter(ready -> "True".equals(ready.status()))
            .isPresent();
  }
}
