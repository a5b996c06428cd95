package io.mqttoperator.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelOptionalLibrary;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates the CEL rules of a CRD. Each is compiled when it is first asked. */
final class RulePrograms {

  private static final String SELF = "self";
  private static final String OLD_SELF = "oldSelf";

  private static final CelOptions OPTIONS =
      CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

  private final Map<String, CelRuntime.Program> programs = new HashMap<>();
  private final CelCompiler compiler;
  private final CelRuntime runtime;

  RulePrograms() {
    var compiling =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelOptionalLibrary.INSTANCE)
            .addVar(SELF, SimpleType.DYN)
            .addVar(OLD_SELF, SimpleType.DYN);
    KubernetesLibrary.declare(compiling);
    compiler = compiling.build();
    var running =
        CelRuntimeFactory.legacyCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(CelOptionalLibrary.INSTANCE);
    KubernetesLibrary.bind(running);
    runtime = running.build();
  }

  /** Whether a rule compares with what was there before. */
  static boolean isAboutChange(String rule) {
    return rule.contains(OLD_SELF);
  }

  /**
   * Whether a value keeps a rule.
   *
   * @param before what was there; asked for by rules about a change alone
   * @return empty if it does; else what went wrong while it was asked, or nothing
   */
  Optional<String> problem(String rule, JsonNode self, JsonNode before) {
    try {
      var kept =
          program(rule)
              .eval(
                  isAboutChange(rule)
                      ? Map.of(SELF, value(self), OLD_SELF, value(before))
                      : Map.of(SELF, value(self)));
      return Boolean.TRUE.equals(kept) ? Optional.empty() : Optional.of("");
    } catch (CelEvaluationException failed) {
      return Optional.of(String.valueOf(failed.getMessage()));
    }
  }

  private CelRuntime.Program program(String rule) {
    return programs.computeIfAbsent(
        rule,
        text -> {
          try {
            return runtime.createProgram(compiler.compile(text).getAst());
          } catch (CelValidationException | CelEvaluationException unknown) {
            throw new IllegalStateException("the rule " + text + " cannot be read", unknown);
          }
        });
  }

  private static Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        var fields = new HashMap<String, Object>();
        node.properties().forEach(field -> fields.put(field.getKey(), value(field.getValue())));
        yield fields;
      }
      case ARRAY -> {
        List<Object> elements = new ArrayList<>();
        node.forEach(element -> elements.add(value(element)));
        yield elements;
      }
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> node.isIntegralNumber() ? (Object) node.longValue() : node.doubleValue();
      default -> node.asText();
    };
  }
}
