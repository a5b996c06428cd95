package io.mqttoperator.cli.check;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntimeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The functions that Kubernetes adds to CEL, as far as the rules of our CRDs use them
 * (k8s.io/apiserver/pkg/cel/library). A quantity, a network and a format are texts here: one text
 * for each value.
 */
final class KubernetesLibrary {

  private static final CelType TEXT = SimpleType.STRING;

  private static final Pattern QUANTITY =
      Pattern.compile(
          "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,3})?");

  private static final int LONGEST_NAME = 63;
  private static final int LONGEST_PREFIX = 253;

  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");

  private static final Pattern DNS_SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private static final String QUALIFIED_NAME = "qualifiedName";

  private KubernetesLibrary() {}

  static void declare(CelCompilerBuilder compiler) {
    compiler.addFunctionDeclarations(
        function("isQuantity", SimpleType.BOOL, TEXT),
        function("quantity", TEXT, TEXT),
        method("compareTo", SimpleType.INT, TEXT, TEXT),
        method("isGreaterThan", SimpleType.BOOL, TEXT, TEXT),
        function("isIP", SimpleType.BOOL, TEXT),
        function("isCIDR", SimpleType.BOOL, TEXT),
        function("cidr", TEXT, TEXT),
        method("masked", TEXT, TEXT),
        method("containsCIDR", SimpleType.BOOL, TEXT, TEXT),
        method("prefixLength", SimpleType.INT, TEXT),
        method("lowerAscii", TEXT, TEXT),
        function("format.qualifiedName", TEXT),
        method("validate", OptionalType.create(ListType.create(TEXT)), TEXT, TEXT));
  }

  private static CelFunctionDecl function(String name, CelType result, CelType... parameters) {
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newGlobalOverload(overload(name), result, parameters));
  }

  private static CelFunctionDecl method(String name, CelType result, CelType... parameters) {
    return CelFunctionDecl.newFunctionDeclaration(
        name, CelOverloadDecl.newMemberOverload(overload(name), result, parameters));
  }

  private static String overload(String name) {
    return "kubernetes_" + name.replace('.', '_');
  }

  static void bind(CelRuntimeBuilder runtime) {
    runtime.addFunctionBindings(
        CelFunctionBinding.from(
            overload("isQuantity"), String.class, text -> QUANTITY.matcher(text).matches()),
        CelFunctionBinding.from(
            overload("quantity"), String.class, text -> amount(text).toPlainString()),
        CelFunctionBinding.from(
            overload("compareTo"),
            String.class,
            String.class,
            (one, other) -> (long) new BigDecimal(one).compareTo(new BigDecimal(other))),
        CelFunctionBinding.from(
            overload("isGreaterThan"),
            String.class,
            String.class,
            (one, other) -> new BigDecimal(one).compareTo(new BigDecimal(other)) > 0),
        CelFunctionBinding.from(
            overload("isIP"), String.class, text -> IpPrefix.ofAddress(text).isPresent()),
        CelFunctionBinding.from(
            overload("isCIDR"), String.class, text -> IpPrefix.ofNetwork(text).isPresent()),
        CelFunctionBinding.from(overload("cidr"), String.class, KubernetesLibrary::network),
        CelFunctionBinding.from(
            overload("masked"), String.class, text -> IpPrefix.parse(text).masked().toString()),
        CelFunctionBinding.from(
            overload("containsCIDR"),
            String.class,
            String.class,
            (network, other) -> IpPrefix.parse(network).contains(IpPrefix.parse(network(other)))),
        CelFunctionBinding.from(
            overload("prefixLength"), String.class, text -> (long) IpPrefix.parse(text).bits()),
        CelFunctionBinding.from(overload("lowerAscii"), String.class, KubernetesLibrary::lower),
        CelFunctionBinding.from(
            overload("format.qualifiedName"), List.of(), arguments -> QUALIFIED_NAME),
        CelFunctionBinding.from(
            overload("validate"),
            String.class,
            String.class,
            (format, text) ->
                isQualifiedName(text)
                    ? Optional.empty()
                    : Optional.of(List.of("not a qualified name"))));
  }

  private static BigDecimal amount(String text) {
    return Quantity.getAmountInBytes(new Quantity(text)).stripTrailingZeros();
  }

  private static String network(String text) {
    return IpPrefix.ofNetwork(text)
        .orElseThrow(() -> new IllegalArgumentException("not a network: " + text))
        .toString();
  }

  /** Letters of other alphabets stay as they are. */
  private static String lower(String text) {
    var lower = new StringBuilder();
    text.chars()
        .mapToObj(c -> c < 0x80 ? String.valueOf((char) c).toLowerCase(Locale.ROOT) : (char) c + "")
        .forEach(lower::append);
    return lower.toString();
  }

  /** {@code IsQualifiedName} of k8s.io/apimachinery. */
  private static boolean isQualifiedName(String text) {
    var slash = text.indexOf('/');
    var name = text.substring(slash + 1);
    return name.length() <= LONGEST_NAME
        && NAME.matcher(name).matches()
        && (slash < 0 || isPrefix(text.substring(0, slash)));
  }

  private static boolean isPrefix(String text) {
    return text.length() <= LONGEST_PREFIX && DNS_SUBDOMAIN.matcher(text).matches();
  }
}
