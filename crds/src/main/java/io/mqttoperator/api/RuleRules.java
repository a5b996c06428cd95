package io.mqttoperator.api;

/** What holds for an ACL's rules: the topic filters, and what goes with what. */
final class RuleRules {
  /** MQTT 5.0, 4.7.1: a wildcard fills a whole level, and # is the last one. */
  static final String WHOLE_LEVEL_WILDCARDS = "!self.matches('[^/][+#]|[+#][^/]|#/')";

  static final String WHOLE_LEVEL_WILDCARDS_MESSAGE =
      "let + and # stand for whole levels, and # for the last one only, as in a/+/b/#";

  /** A misspelled placeholder would be taken as it is, and a Deny on it would deny nothing. */
  static final String WHOLE_LEVEL_PLACEHOLDERS =
      "self.matches('^([^/{}]*|[{]username[}]|[{]namespace[}])"
          + "(/([^/{}]*|[{]username[}]|[{]namespace[}]))*$')";

  static final String WHOLE_LEVEL_PLACEHOLDERS_MESSAGE =
      "use { and } only for {username} and {namespace}, each as a whole level, as in"
          + " devices/{username}/state";

  /** Mosquitto trims the topics of its ACL file, and would grant another topic. */
  static final String NO_OUTER_SPACE = "!self.matches('^ | $')";

  static final String NO_OUTER_SPACE_MESSAGE =
      "remove the space at the beginning or end of the topic: Mosquitto would ignore it";

  /** MQTT 5.0, 1.5.4: control characters and non-characters, which brokers refuse. */
  static final String NO_CONTROL_CHARACTERS =
      "!self.matches('[\\\\x00-\\\\x1F\\\\x7F-\\\\x{9F}\\\\x{FDD0}-\\\\x{FDEF}\\\\x{FFFE}\\\\x{FFFF}]')";

  static final String NO_CONTROL_CHARACTERS_MESSAGE =
      "remove the control character (such as a line break or tab) from the topic";

  static final String ONLY_SYS =
      "!self.startsWith('$') || self == '$SYS' || self.startsWith('$SYS/')";

  static final String ONLY_SYS_MESSAGE =
      "of the topics that begin with $ only $SYS and those below it can be given, to subscribe";

  static final String SYS_IS_READ =
      "!has(self.access) || !('Publish' in self.access)"
          + " || !self.topics.exists(t, t.startsWith('$'))";

  static final String SYS_IS_READ_MESSAGE =
      "topics below $SYS are the broker's own: allow Subscribe alone there, in a rule of its own";

  static final String ALLOW_NEEDS_ACCESS = "self.effect != 'Allow' || has(self.access)";

  static final String ALLOW_NEEDS_ACCESS_MESSAGE =
      "say what is allowed: set access to Publish, Subscribe or both";

  static final String DENY_HAS_NO_ACCESS = "self.effect != 'Deny' || !has(self.access)";

  static final String DENY_HAS_NO_ACCESS_MESSAGE = "remove access: a Deny takes both directions";

  static final String ONE_KIND_OF_SUBJECT =
      """
      [has(self.user), has(self.userSelector), has(self.allUsers), has(self.anonymous)]
        .exists_one(isSet, isSet)\
      """;

  static final String ONE_KIND_OF_SUBJECT_MESSAGE =
      "set exactly one of user, userSelector, allUsers and anonymous in each subject";

  static final String ONLY_TRUE = "self";

  static final String ONLY_TRUE_MESSAGE = "set it to true or leave it out";

  static final String ANONYMOUS_HAS_NO_NAME =
      "!self.subjects.exists(s, has(s.anonymous))"
          + " || !self.rules.exists(r, r.topics.exists(t, t.contains('{username}')))";

  static final String ANONYMOUS_HAS_NO_NAME_MESSAGE =
      "anonymous clients have no username: give them an MqttAcl of their own, without {username}";

  static final String WHOLE_LEVEL_NAMESPACE =
      "self.matches('^([^/{}]*|[{]namespace[}])(/([^/{}]*|[{]namespace[}]))*$')";

  static final String WHOLE_LEVEL_NAMESPACE_MESSAGE =
      "use { and } only for {namespace}, as a whole level, as in tenants/{namespace}/#";

  static final String NO_SYS = "!self.startsWith('$')";

  static final String NO_SYS_MESSAGE =
      "topics that begin with $ are the broker's own, and not for tenants";

  private RuleRules() {}
}
