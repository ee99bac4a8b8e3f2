package io.tidewire.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Runs one file of JavaScript tests with Node's test runner and reads what became of each test from its JUnit report. */
final class NodeRun {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private NodeRun() {}

    /** What became of one test; the name holds those of its suites. As text it is a line for the build's output. */
    sealed interface Result {
        String name();
    }

    record Passed(String name) implements Result {
        @Override
        public String toString() {
            return "  passed   " + name;
        }
    }

    record Failed(String name, String details) implements Result {
        @Override
        public String toString() {
            return "  FAILED   " + name;
        }
    }

    record Skipped(String name, String reason) implements Result {
        @Override
        public String toString() {
            return "  SKIPPED  " + name + " (" + reason + ")";
        }
    }

    /**
     * The results of a file, never empty: whatever is wrong with the file or its run is a failure among them.
     *
     * @param name of the file in results and report
     */
    static List<Result> of(Path folder, Path file, String name, Path reports, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path report = Files.createDirectories(reports).resolve(name.replace(File.separatorChar, '-') + ".xml");
        Files.deleteIfExists(report);
        List<String> command = List.of(
                "node", "--test", "--test-reporter=junit", "--test-reporter-destination=" + report, file.toString());
        Finished run = Finished.run(folder, LIMIT, environment, command);
        List<Result> results = new ArrayList<>();
        try {
            if (Files.exists(report)) {
                collect(parse(Files.readString(report, UTF_8)), "", results);
            }
            // Node reports a file without tests as one test, passed, that bears the name of the file.
            results.removeIf(result -> result instanceof Passed && result.name().equals(file.toString()));
        } catch (SAXException e) {
            results.add(new Failed(name + " (report)", "The report cannot be read: " + e.getMessage()));
        }
        if (run.exitCode() == Finished.TIMED_OUT) {
            results.add(new Failed(name + " (run)", "still running after " + LIMIT + "\n" + run.lastLines(40)));
        } else if (results.isEmpty()) {
            results.add(new Failed(name + " (run)", "no test ran\n" + run.lastLines(40)));
        } else if (run.exitCode() != 0 && results.stream().noneMatch(Failed.class::isInstance)) {
            results.add(new Failed(name + " (run)", "exit code " + run.exitCode() + "\n" + run.lastLines(40)));
        }
        return results;
    }

    private static void collect(Element parent, String path, List<Result> into) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                String name = path + element.getAttribute("name");
                switch (element.getTagName()) {
                    case "testsuite" -> collect(element, name + " > ", into);
                    case "testcase" -> into.add(result(name, element));
                    default -> {}
                }
            }
        }
    }

    private static Result result(String name, Element testCase) {
        for (String tag : List.of("failure", "error")) {
            Node found = testCase.getElementsByTagName(tag).item(0);
            if (found != null) {
                return new Failed(name, found.getTextContent().strip());
            }
        }
        if (testCase.getElementsByTagName("skipped").item(0) instanceof Element skipped) {
            return new Skipped(name, skipped.getAttribute("message"));
        }
        return new Passed(name);
    }

    /** Node writes control characters of messages as they are; XML has no place for them. */
    private static Element parse(String report) throws SAXException, IOException {
        String clean = report.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]", "\uFFFD");
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader(clean)))
                    .getDocumentElement();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }
}
