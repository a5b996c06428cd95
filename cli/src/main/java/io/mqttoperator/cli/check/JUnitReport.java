package io.mqttoperator.cli.check;

import java.io.StringWriter;
import java.util.LinkedHashSet;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A test case for each resource, in the XML that CI systems read for JUnit. */
final class JUnitReport implements Report {

  private record Case(String name, String file) {}

  @Override
  public String of(CheckResult result) {
    var text = new StringWriter();
    try {
      var xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      write(result, xml);
      xml.writeEndDocument();
      xml.flush();
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException(impossible);
    }
    return text + System.lineSeparator();
  }

  private static void write(CheckResult result, XMLStreamWriter xml) throws XMLStreamException {
    var cases = new LinkedHashSet<Case>();
    result.resources().forEach(each -> cases.add(new Case(each.resource(), each.file())));
    result.findings().forEach(finding -> cases.add(caseOf(finding)));
    var failed = cases.stream().filter(each -> !errors(result, each).isEmpty()).count();
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", "kubectl mqtt check");
    xml.writeAttribute("tests", Integer.toString(cases.size()));
    xml.writeAttribute("failures", Long.toString(failed));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute("skipped", "0");
    for (var each : cases) {
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", each.file());
      xml.writeAttribute("name", each.name());
      var errors = errors(result, each);
      if (!errors.isEmpty()) {
        xml.writeStartElement("failure");
        xml.writeAttribute("type", errors.getFirst().rule());
        xml.writeAttribute("message", printable(errors.getFirst().message()));
        xml.writeCharacters(printable(lines(errors)));
        xml.writeEndElement();
      }
      var others = result.findings().stream().filter(finding -> caseOf(finding).equals(each));
      var said = lines(others.filter(finding -> finding.level() != Level.ERROR).toList());
      if (!said.isEmpty()) {
        xml.writeStartElement("system-out");
        xml.writeCharacters(printable(said));
        xml.writeEndElement();
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static Case caseOf(Finding finding) {
    return new Case(
        finding.resource().isEmpty() ? finding.file() : finding.resource(), finding.file());
  }

  private static List<Finding> errors(CheckResult result, Case of) {
    return result.findings().stream()
        .filter(finding -> finding.level() == Level.ERROR && caseOf(finding).equals(of))
        .toList();
  }

  private static String lines(List<Finding> findings) {
    return String.join(
        "\n",
        findings.stream()
            .map(
                finding ->
                    "%s:%d: %s: %s [%s]"
                        .formatted(
                            finding.file(),
                            finding.line(),
                            finding.level(),
                            finding.message(),
                            finding.rule()))
            .toList());
  }

  /** XML 1.0 has no other characters (section 2.2). */
  private static String printable(String text) {
    return text.codePoints()
        .map(
            c ->
                c == '\t'
                        || c == '\n'
                        || (c >= ' ' && c < 0xD800)
                        || (c > 0xDFFF && c < 0xFFFE)
                        || c > 0xFFFF
                    ? c
                    : '\uFFFD')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
