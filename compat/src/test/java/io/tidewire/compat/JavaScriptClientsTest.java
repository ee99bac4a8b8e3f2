package io.tidewire.compat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The vendor's JavaScript clients: runs the tests below {@code test} with Node's own runner against packaged servers, several
 * files at one time, and shows each of them as a test of this build. A file that crashes, hangs or holds no test is a failure.
 */
final class JavaScriptClientsTest {
    private static final Path COMPAT = Path.of(System.getProperty("tidewire.compat"));
    private static final Path TESTS = COMPAT.resolve("test");
    private static final Path TARGET = Path.of(System.getProperty("tidewire.target"));
    private static final Path REPORTS = TARGET.resolve("javascript");

    /** They wait for answers most of the time, so more than there are processors. */
    private static final int FILES_AT_ONCE = 4;

    @TestFactory
    Stream<? extends DynamicNode> javaScriptClients() throws Exception {
        try {
            NodePackages.prepare(COMPAT);
        } catch (NodePackages.Missing missing) {
            // A test of its own, because a factory that gives up is not counted as skipped.
            String part = "the tests with the vendor's JavaScript clients";
            return Stream.of(
                    DynamicTest.dynamicTest(part, () -> OptionalPart.absent(part, missing.reason(), missing.remedy())));
        }
        // Results are taken while the servers run; how the servers end is a result as well.
        List<DynamicContainer> results = new ArrayList<>();
        var servers = new JavaScriptServers(TARGET);
        try {
            Map<String, Future<List<NodeRun.Result>>> runs = new LinkedHashMap<>();
            try (var pool = Executors.newFixedThreadPool(FILES_AT_ONCE)) {
                for (Path file : testFiles()) {
                    String name = TESTS.relativize(file).toString();
                    runs.put(name, pool.submit(() -> NodeRun.of(COMPAT, file, name, REPORTS, servers.environment())));
                }
            }
            for (var run : runs.entrySet()) {
                var tests = run.getValue().get();
                results.add(DynamicContainer.dynamicContainer(
                        run.getKey(), tests.stream().map(JavaScriptClientsTest::shown)));
            }
        } finally {
            results.add(DynamicContainer.dynamicContainer("servers", servers.ends()));
        }
        return results.stream();
    }

    private static DynamicTest shown(NodeRun.Result result) {
        return DynamicTest.dynamicTest(result.name(), () -> {
            System.out.println(result);
            switch (result) {
                case NodeRun.Passed _ -> {}
                case NodeRun.Failed failed -> Assertions.fail(failed.name() + "\n" + failed.details());
                case NodeRun.Skipped skipped ->
                    OptionalPart.absent(skipped.name(), skipped.reason(), "see compat/README.md");
            }
        });
    }

    private static List<Path> testFiles() throws IOException {
        try (var files = Files.walk(TESTS)) {
            return files.filter(file -> file.toString().endsWith(".test.js"))
                    .sorted()
                    .toList();
        }
    }
}
