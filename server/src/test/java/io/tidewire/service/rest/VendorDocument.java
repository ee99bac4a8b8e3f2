package io.tidewire.service.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * An OpenAPI document, the vendor's or ours. The vendor's are data that stands beside the repository. Without them there is nothing
 * to compare with: tests are then reported as skipped, except where {@code REQUIRE_ALL_TESTS} or {@code CI} demands them.
 */
public record VendorDocument(JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What two documents are compared by. */
    public record Shape(String id, Set<String> parameters, Set<String> statuses) {}

    /** Where the documents of a service are, if they are. */
    public static Path folder(String service) {
        Path folder = Path.of("..", "..", "shared", "specs", service);
        boolean there = Files.isDirectory(folder);
        if (System.getenv("CI") != null || System.getenv("REQUIRE_ALL_TESTS") != null) {
            assertThat(there).as("the vendor's documents beside the repository").isTrue();
        }
        if (!there) {
            System.err.println(
                    "SKIPPED: no vendor documents beside the repository, so routes are not compared with them");
        }
        assumeTrue(there, "the vendor's documents are not beside the repository");
        return folder;
    }

    /** Reads JSON or YAML. */
    public static VendorDocument read(Path file) {
        if (file.toString().endsWith(".json")) {
            return new VendorDocument(JSON.readTree(file.toFile()));
        }
        try {
            String yaml = Files.readString(file);
            return new VendorDocument(
                    JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public static VendorDocument of(byte[] json) {
        return new VendorDocument(JSON.readTree(json));
    }

    /** By method and path, such as {@code post /api/hubs/{hub}/:send}. */
    public Map<String, Shape> shapes() {
        var shapes = new HashMap<String, Shape>();
        json.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation ->
                                shapes.put(operation.getKey() + " " + path.getKey(), shape(operation.getValue()))));
        return shapes;
    }

    private Shape shape(JsonNode operation) {
        var parameters = new TreeSet<String>();
        for (JsonNode declared : operation.path("parameters")) {
            JsonNode parameter = declared.has("$ref")
                    ? json.at(declared.get("$ref").asString().substring(1))
                    : declared;
            if (!parameter.get("in").asString().equals("body")) {
                JsonNode schema = parameter.has("schema") ? parameter.get("schema") : parameter;
                parameters.add(parameter.get("in").asString() + " "
                        + parameter.get("name").asString() + " "
                        + schema.get("type").asString()
                        + (schema.get("type").asString().equals("integer") ? bounds(schema) : "")
                        + (parameter.path("required").asBoolean(false) ? " required" : ""));
            }
        }
        return new Shape(
                operation.get("operationId").asString(),
                parameters,
                new TreeSet<>(operation.get("responses").propertyNames()));
    }

    private static String bounds(JsonNode schema) {
        return Stream.of("minimum", "maximum", "default")
                .filter(schema::has)
                .map(bound -> " " + bound + "=" + schema.get(bound).asString())
                .collect(Collectors.joining());
    }
}
