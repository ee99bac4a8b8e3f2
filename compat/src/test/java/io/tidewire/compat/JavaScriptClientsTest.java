package io.tidewire.compat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The vendor's JavaScript client: runs the tests in {@code test/*.test.js} with Node's own runner against two packaged
 * servers, and shows each of them as a test of this build. A file that crashes, hangs or holds no test is a failure.
 */
final class JavaScriptClientsTest {
    private static final Path COMPAT = Path.of(System.getProperty("tidewire.compat"));
    private static final Path REPORTS = Path.of(System.getProperty("tidewire.target"), "javascript");

    @TestFactory
    Stream<? extends DynamicNode> javaScriptClients() throws Exception {
        try {
            NodePackages.prepare(COMPAT);
        } catch (NodePackages.Missing missing) {
            // A test of its own, because a factory that gives up is not counted as skipped.
            String part = "the tests with the vendor's JavaScript client";
            return Stream.of(
                    DynamicTest.dynamicTest(part, () -> OptionalPart.absent(part, missing.reason(), missing.remedy())));
        }
        // Results are taken while the servers run; how the servers end is a result as well.
        List<DynamicContainer> results = new ArrayList<>();
        PackagedServer server = PackagedServer.start("javascript");
        PackagedServer shortTimes = PackagedServer.start(
                "javascript-short-times", "signalr.client.keepAliveInterval=1s", "signalr.client.timeout=3s");
        try {
            var environment = Map.of(
                    "TIDEWIRE_CONNECTION_STRING", server.connectionString(),
                    "TIDEWIRE_SHORT_CONNECTION_STRING", shortTimes.connectionString());
            for (Path file : testFiles()) {
                List<NodeRun.Result> tests = NodeRun.of(COMPAT, file, REPORTS, environment);
                results.add(DynamicContainer.dynamicContainer(
                        String.valueOf(file.getFileName()), tests.stream().map(JavaScriptClientsTest::shown)));
            }
        } finally {
            var ends = List.of(
                    DynamicTest.dynamicTest("the server stops in order", server::close),
                    DynamicTest.dynamicTest("the server with short times stops in order", shortTimes::close));
            results.add(DynamicContainer.dynamicContainer("servers", ends));
        }
        return results.stream();
    }

    private static DynamicTest shown(NodeRun.Result result) {
        return DynamicTest.dynamicTest(result.name(), () -> {
            System.out.println(result);
            switch (result) {
                case NodeRun.Passed _ -> {}
                case NodeRun.Failed failed -> Assertions.fail(failed.name() + "\n" + failed.details());
                case NodeRun.Skipped skipped -> {
                    if (OptionalPart.required()) {
                        Assertions.fail("skipped although everything is required: " + skipped.reason());
                    }
                    Assumptions.abort(skipped.reason());
                }
            }
        });
    }

    private static List<Path> testFiles() throws IOException {
        try (var files = Files.list(COMPAT.resolve("test"))) {
            return files.filter(file -> file.toString().endsWith(".test.js"))
                    .sorted()
                    .toList();
        }
    }
}
