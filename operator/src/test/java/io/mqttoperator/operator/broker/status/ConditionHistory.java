package io.mqttoperator.operator.broker.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Conditions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was said of a user or an ACL, one after the other: the API server leaves out no write. */
record ConditionHistory(Map<String, List<String>> said, Watch watch) implements AutoCloseable {

  /** From now on. */
  static <T extends HasMetadata> ConditionHistory of(Fleet fleet, Class<T> kind, String name) {
    var recorder = new Recorder<T>(new ConcurrentHashMap<>());
    var watch =
        fleet
            .api()
            .client()
            .resources(kind)
            .inNamespace(fleet.namespace())
            .withName(name)
            .watch(
                new ListOptionsBuilder()
                    .withResourceVersion(fleet.get(kind, name).getMetadata().getResourceVersion())
                    .build(),
                recorder);
    return new ConditionHistory(recorder.said(), watch);
  }

  /** That Enforced and Ready were taken back, and given again, and nothing else. */
  void assertTakenBackUntilProven() {
    for (var type : List.of(Conditions.ENFORCED, Conditions.READY)) {
      assertThat(said.getOrDefault(type, List.of()))
          .as(type)
          .containsExactly("Unknown:Applying", "True:Enforced");
    }
  }

  /** That nothing else was ever said than True. */
  void assertUntouched() {
    assertThat(said.values()).allMatch(List::isEmpty);
  }

  @Override
  public void close() {
    watch.close();
  }

  private record Recorder<T extends HasMetadata>(Map<String, List<String>> said)
      implements Watcher<T> {

    @Override
    public void eventReceived(Action action, T resource) {
      var conditions =
          switch (resource) {
            case MqttUser user when user.getStatus() != null -> user.getStatus().conditions();
            case MqttAcl acl when acl.getStatus() != null -> acl.getStatus().conditions();
            default -> List.<Condition>of();
          };
      Objects.requireNonNullElse(conditions, List.<Condition>of())
          .forEach(condition -> add(condition.getType(), text(condition)));
    }

    private static String text(Condition condition) {
      return condition.getStatus() + ":" + condition.getReason();
    }

    /** The change itself comes first, with what was said before it. */
    private void add(String type, String text) {
      var all = said.computeIfAbsent(type, key -> new CopyOnWriteArrayList<>());
      var isNews = all.isEmpty() ? !text.startsWith("True") : !all.getLast().equals(text);
      if (isNews) {
        all.add(text);
      }
    }

    @Override
    public void onClose(WatcherException cause) {}
  }
}
