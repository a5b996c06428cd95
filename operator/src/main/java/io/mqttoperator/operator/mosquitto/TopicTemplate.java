package io.mqttoperator.operator.mosquitto;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A topic filter of 1 to 256 characters, some of whose levels may be {@code {username}} or {@code
 * {namespace}}: each stands for a whole level. Any other brace is a character like others.
 */
public record TopicTemplate(String value) {
  private static final String USERNAME = "{username}";
  private static final String NAMESPACE = "{namespace}";
  private static final int MAX_CHARACTERS = 256;

  /** A name of a Kubernetes namespace: an RFC 1123 label. */
  private static final Pattern NAMESPACE_NAME =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /**
   * @throws IllegalArgumentException with the sentence of {@link #problem}
   */
  public TopicTemplate {
    problem(value)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
  }

  /** Says, as a sentence, why a string is not such a template; empty if it is one. */
  public static Optional<String> problem(String value) {
    return flaw(value).map(flaw -> "The topic filter " + flaw);
  }

  private static Optional<String> flaw(String value) {
    if (value.codePointCount(0, value.length()) > MAX_CHARACTERS) {
      return Optional.of("is longer than 256 characters");
    }
    for (String level : value.split("/", -1)) {
      for (String placeholder : new String[] {USERNAME, NAMESPACE}) {
        if (level.contains(placeholder) && !level.equals(placeholder)) {
          return Optional.of("has a " + placeholder + " that is not a whole level");
        }
      }
    }
    return TopicFilter.flaw(value);
  }

  /** The filter for one user: placeholders become literal levels. */
  public TopicFilter expand(Username username, String namespace) {
    String named = requireNamespace(namespace);
    return replaceLevels(
        level ->
            switch (level) {
              case USERNAME -> username.value();
              case NAMESPACE -> named;
              default -> level;
            });
  }

  /** The filter for anonymous clients; empty where it names the user, for they have no name. */
  public Optional<TopicFilter> expandAnonymous(String namespace) {
    if (Arrays.asList(value.split("/", -1)).contains(USERNAME)) {
      return Optional.empty();
    }
    String named = requireNamespace(namespace);
    return Optional.of(replaceLevels(level -> level.equals(NAMESPACE) ? named : level));
  }

  /** A filter that covers what this one stands for, whoever the user is. */
  public TopicFilter widest(String namespace) {
    String named = requireNamespace(namespace);
    return replaceLevels(
        level ->
            switch (level) {
              case USERNAME -> "+";
              case NAMESPACE -> named;
              default -> level;
            });
  }

  private TopicFilter replaceLevels(UnaryOperator<String> replacement) {
    return new TopicFilter(
        Arrays.stream(value.split("/", -1)).map(replacement).collect(Collectors.joining("/")));
  }

  private static String requireNamespace(String namespace) {
    if (!NAMESPACE_NAME.matcher(namespace).matches()) {
      throw new IllegalArgumentException("A namespace is a DNS label of at most 63 characters");
    }
    return namespace;
  }
}
