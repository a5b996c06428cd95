package io.mqttoperator.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** May this user do that? */
@Command(
    name = "can",
    mixinStandardHelpOptions = true,
    description = {
      "Says whether a user may do something with a topic, and which rule decides.",
      "A subscription is answered with yes if all that its filter covers is delivered."
    })
final class CanCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "USER",
      description = "An MqttUser's name, or a username; " + Subject.ANONYMOUS + " for nobody's.")
  private String user = "";

  @Parameters(index = "1", paramLabel = "ACTION", description = "publish, subscribe or receive.")
  private Action action = Action.PUBLISH;

  @Parameters(
      index = "2",
      paramLabel = "TOPIC",
      description = "A topic; to subscribe, a topic filter. Quote it.")
  private String topic = "";

  @Mixin private CommonOptions options = new CommonOptions();

  @Override
  public Integer call() throws IOException {
    var subject = options.subject(user);
    var ruling = subject.rule(subject.outlook().forecast().access(), action, topic);
    var notes = subject.notes(ruling.by());
    if (options.isJson()) {
      options.out().println(json(subject, ruling, notes).toPrettyString());
    } else {
      print(ruling, notes);
    }
    return ruling.answer() == Ruling.Answer.YES ? KubectlMqtt.YES : KubectlMqtt.NO;
  }

  private void print(Ruling ruling, List<String> notes) {
    if (ruling.because().size() == 1) {
      options.out().println(ruling.answer().text + ": " + ruling.because().getFirst());
    } else {
      options.out().println(ruling.answer().text);
      ruling.because().forEach(why -> options.out().println("  " + why));
    }
    options.print(notes);
  }

  private ObjectNode json(Subject subject, Ruling ruling, List<String> notes) {
    var answer = AnswerJson.object();
    AnswerJson.subject(answer, subject);
    answer.put("action", action.toString()).put("topic", topic);
    AnswerJson.ruling(answer, ruling, subject);
    AnswerJson.texts(answer, "notes", notes);
    return answer;
  }
}
