package io.mqttoperator.cli;

import io.mqttoperator.api.Access;
import io.mqttoperator.operator.access.Grant;
import java.io.IOException;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What may this user do? */
@Command(
    name = "grants",
    mixinStandardHelpOptions = true,
    description = "Lists all rules that are for a user, as they hold for it. A Deny wins.")
final class GrantsCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "USER",
      description = "An MqttUser's name, or a username; " + Subject.ANONYMOUS + " for nobody's.")
  private String user = "";

  @Mixin private CommonOptions options = new CommonOptions();

  @Override
  public Integer call() throws IOException {
    var subject = options.subject(user);
    var grants =
        subject.access(subject.outlook().forecast().access()).grants().stream()
            .sorted(Comparator.comparing(grant -> !grant.isDeny()))
            .toList();
    var shutOut = subject.shutOut().map(ruling -> ruling.because().getFirst());
    var notes = subject.notes(grants);
    if (options.isJson()) {
      var answer = AnswerJson.object();
      AnswerJson.subject(answer, subject);
      answer.put("mayConnect", shutOut.isEmpty());
      shutOut.ifPresent(why -> answer.put("because", why));
      var rules = answer.putArray("grants");
      grants.forEach(grant -> rules.add(AnswerJson.grant(grant, subject)));
      AnswerJson.texts(answer, "notes", notes);
      options.out().println(answer.toPrettyString());
    } else {
      shutOut.ifPresent(why -> options.out().println("It may not connect: " + why));
      print(grants, subject);
      options.print(notes);
    }
    return shutOut.isEmpty() ? KubectlMqtt.YES : KubectlMqtt.NO;
  }

  private void print(java.util.List<Grant> grants, Subject subject) {
    if (grants.isEmpty()) {
      options.out().println("No rule is for it: it may do nothing.");
      return;
    }
    var table = new Table("EFFECT", "ACCESS", "TOPIC", "RULE");
    grants.forEach(
        grant ->
            table.row(
                grant.isDeny() ? "Deny" : "Allow",
                grant.isDeny()
                    ? "Publish, Subscribe"
                    : grant.allows().stream()
                        .map(Access::value)
                        .sorted()
                        .collect(Collectors.joining(", ")),
                grant.covers().toString(),
                subject.describe(grant)));
    options.out().print(table);
  }
}
