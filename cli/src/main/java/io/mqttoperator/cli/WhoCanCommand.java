package io.mqttoperator.cli;

import io.mqttoperator.operator.access.UserDecision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Who may do that? */
@Command(
    name = "who-can",
    mixinStandardHelpOptions = true,
    description = "Lists the users of a broker who may do something with a topic, and the rules.")
final class WhoCanCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "ACTION", description = "publish, subscribe or receive.")
  private Action action = Action.PUBLISH;

  @Parameters(
      index = "1",
      paramLabel = "TOPIC",
      description = "A topic; to subscribe, a topic filter. Quote it.")
  private String topic = "";

  @Mixin private CommonOptions options = new CommonOptions();

  private record Entry(Subject subject, Ruling ruling) {}

  @Override
  public Integer call() throws IOException {
    var asked = options.ask(true);
    var outlook = Outlook.of(asked.inventory(), asked.broker(options.broker()));
    var rules = outlook.forecast().access();
    var entries =
        Stream.concat(
                outlook.forecast().plan().users().stream().sorted(ORDER).map(Optional::of),
                Stream.of(Optional.<UserDecision>empty()))
            .map(user -> new Subject(asked.inventory(), outlook, user))
            .map(subject -> new Entry(subject, subject.rule(rules, action, topic)))
            .filter(entry -> entry.ruling().answer() != Ruling.Answer.NO)
            .toList();
    var notes = new ArrayList<>(asked.inventory().notes());
    notes.addAll(outlook.notes());
    if (options.isJson()) {
      printJson(outlook, entries, notes);
    } else {
      print(entries);
      options.print(notes);
    }
    return KubectlMqtt.YES;
  }

  private static final Comparator<UserDecision> ORDER =
      Comparator.comparing((UserDecision user) -> user.user().getMetadata().getNamespace())
          .thenComparing(user -> user.user().getMetadata().getName());

  private void print(List<Entry> entries) {
    if (entries.isEmpty()) {
      options.out().println("Nobody.");
      return;
    }
    var table = new Table("NAMESPACE", "USER", "USERNAME", "ANSWER", "RULE");
    for (var entry : entries) {
      var user = entry.subject().user();
      table.row(
          user.map(known -> known.user().getMetadata().getNamespace()).orElse(""),
          entry.subject().name(),
          user.map(known -> known.seen().username()).orElse(""),
          entry.ruling().answer().text,
          entry.ruling().by().stream().findFirst().map(entry.subject()::describe).orElse(""));
    }
    options.out().print(table);
  }

  private void printJson(Outlook outlook, List<Entry> entries, List<String> notes) {
    var answer = AnswerJson.object();
    answer.put("broker", outlook.key().toString());
    answer.put("action", action.toString()).put("topic", topic);
    var users = answer.putArray("users");
    for (var entry : entries) {
      var user = users.addObject();
      AnswerJson.subject(user, entry.subject());
      AnswerJson.ruling(user, entry.ruling(), entry.subject());
    }
    AnswerJson.texts(answer, "notes", notes);
    options.out().println(answer.toPrettyString());
  }
}
