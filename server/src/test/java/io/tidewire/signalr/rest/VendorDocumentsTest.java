package io.tidewire.signalr.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidewire.auth.AccessKeys;
import io.tidewire.auth.KeySettings;
import io.tidewire.auth.TokenIssuer;
import io.tidewire.auth.TokenSettings;
import io.tidewire.auth.TokenVerifier;
import io.tidewire.backplane.embedded.EmbeddedBackplane;
import io.tidewire.http.Route;
import io.tidewire.hub.Fanout;
import io.tidewire.hub.Hubs;
import io.tidewire.hub.Observer;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.LimitSettings;
import io.tidewire.service.access.Quotas;
import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.OpenApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Walks the vendor's documents and demands, for each of their operations, exactly one of ours with the same method, path,
 * parameters and statuses; and no operation or route of ours that is neither theirs nor listed here as an alias.
 *
 * <p>The documents are data that stands beside the repository. Without them there is nothing to compare with: the tests are
 * then reported as skipped, except where {@code REQUIRE_ALL_TESTS} or {@code CI} demands them.
 */
class VendorDocumentsTest {
    private static final Path SPECS = Path.of("..", "..", "shared", "specs", "signalr");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, String> FILES = Map.of(
            "v1-preview", "v1-preview.json",
            "v1", "v1.json",
            "2022-06-01", "2022-06-01.json",
            "2024-12-01", "2024-12-01.json");

    /** Versions of which there is no document: the one before, and these. */
    private static final Map<String, List<String>> ADDED = Map.of(
            "2022-11-01", List.of("post /api/hubs/{hub}/:generateToken"),
            "2023-07-01", List.of("post /api/hubs/{hub}/:execute"));

    /** Not in the documents, but callers in the field use it: the quickstart, the vendor's emulator, the vendor's SDK. */
    private static final Set<String> ALIASES = Set.of(
            "GET /api/v1/health",
            "POST /api/v1/hubs/{}/user/{}",
            "POST /api/v1/hubs/{}/group/{}",
            "POST /api/v1/hubs/{}/:send",
            "POST /api/v1/hubs/{}/users/{}/:send",
            "POST /api/v1/hubs/{}/connections/{}/:send",
            "POST /api/v1/hubs/{}/groups/{}/:send",
            "PUT /api/v1/hubs/{}/connections/{}/groups/{}",
            "DELETE /api/v1/hubs/{}/connections/{}/groups/{}",
            "GET /api/v1/hubs/{}/users/{}/groups/{}",
            "HEAD /api/v1/hubs/{}/users/{}/groups/{}",
            "PUT /api/v1/hubs/{}/users/{}/groups/{}",
            "DELETE /api/v1/hubs/{}/users/{}/groups/{}",
            "GET /api/health",
            "POST /api/hubs/{}",
            "POST /api/hubs/{}/users/{}",
            "POST /api/hubs/{}/connections/{}",
            "POST /api/hubs/{}/groups/{}",
            "GET /api/hubs/{}/connections/{}",
            "GET /api/hubs/{}/groups/{}",
            "GET /api/hubs/{}/users/{}",
            "GET /api/hubs/{}/users/{}/groups/{}",
            "GET /api/v1/auth/accessKey",
            "POST /api/v1/hubs/{}/:closeConnections",
            "POST /api/v1/hubs/{}/groups/{}/:closeConnections",
            "POST /api/v1/hubs/{}/users/{}/:closeConnections",
            "DELETE /api/v1/hubs/{}/connections/{}/groups",
            "PUT /api/hubs/{}/connections/{}/groups/{}",
            "DELETE /api/hubs/{}/connections/{}/groups/{}",
            "GET /api/hubs/{}/groups/{}/users/{}",
            "HEAD /api/hubs/{}/groups/{}/users/{}",
            "PUT /api/hubs/{}/groups/{}/users/{}",
            "DELETE /api/hubs/{}/groups/{}/users/{}");

    /** What the two sides are compared by. */
    private record Shape(String id, Set<String> parameters, Set<String> statuses) {}

    @TestFactory
    Stream<DynamicTest> everyOperationOfTheVendorIsOursToTheLetter() {
        requireDocuments();
        var tests = new ArrayList<DynamicTest>();
        FILES.forEach((name, file) -> {
            Map<String, Shape> theirs = shapes(read(SPECS.resolve(file)));
            Map<String, Shape> ours = shapes(JSON.readTree(OpenApi.write(RestApi.TITLE, document(name))));
            assertThat(theirs).isNotEmpty();
            theirs.forEach((line, shape) -> tests.add(DynamicTest.dynamicTest(
                    name + ": " + line, () -> assertThat(ours.get(line)).isEqualTo(shape))));
            tests.add(DynamicTest.dynamicTest(
                    name + ": nothing else",
                    () -> assertThat(ours.keySet()).containsExactlyInAnyOrderElementsOf(theirs.keySet())));
        });
        return tests.stream();
    }

    @Test
    void theVersionsInBetweenAreTheOneBeforeAndWhatTheyAdd() {
        List<String> dated = RestApi.apiVersions();
        for (int i = 1; i < dated.size(); i++) {
            List<String> added = ADDED.get(dated.get(i));
            if (added != null) {
                var expected = new HashSet<>(lines(dated.get(i - 1)));
                expected.addAll(added);
                assertThat(lines(dated.get(i))).isEqualTo(expected);
            }
        }
    }

    private static Set<String> lines(String version) {
        return shapes(JSON.readTree(OpenApi.write(RestApi.TITLE, document(version))))
                .keySet();
    }

    @Test
    void everyRouteIsAnOperationOrAListedAlias() {
        requireDocuments();
        var known = new HashSet<String>();
        FILES.values().forEach(file -> {
            JsonNode document = read(SPECS.resolve(file));
            document.get("paths")
                    .properties()
                    .forEach(path -> path.getValue()
                            .properties()
                            .forEach(operation -> known.add(
                                    operation.getKey().toUpperCase(Locale.ROOT) + " " + anonymous(path.getKey()))));
        });
        var fanout = new Fanout(List.of((Executor) Runnable::run), Observer.NONE);
        var hubs = new Hubs(fanout, new EmbeddedBackplane(fanout, List.of()));
        var keys = new AccessKeys("keys", new KeySettings(KeySettings.WELL_KNOWN, null));
        var verifier = new TokenVerifier(keys, TokenSettings.DEFAULT, List.of(), InstantSource.system());
        var rest = new RestApi(
                hubs,
                new Access(verifier, Observer.NONE),
                new Quotas("signalr.limits", LimitSettings.DEFAULT, InstantSource.system(), Observer.NONE),
                new TokenIssuer(keys, InstantSource.system()),
                null,
                Duration.ofSeconds(10));
        var routes = new ArrayList<String>();
        for (Route route : rest.routes()) {
            if (!route.operationId().equals("OpenApi_Get")) {
                routes.add(route.method() + " " + anonymous(route.template()));
            }
        }
        var expected = new HashSet<>(known);
        expected.addAll(ALIASES);
        assertThat(Set.copyOf(routes)).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(ALIASES).doesNotContainAnyElementsOf(known);
    }

    @Test
    void thePublishedDocumentCarriesTheNamesOfParametersAsTheyAreInThePath() {
        JsonNode document = JSON.readTree(OpenApi.write(RestApi.TITLE, document("v1")));
        JsonNode send = document.at("/paths/~1api~1v1~1hubs~1{hub}~1users~1{id}/post");
        assertThat(send.at("/parameters/1/name").asString()).isEqualTo("id");
        assertThat(send.at("/requestBody/content").propertyNames())
                .containsExactlyInAnyOrderElementsOf(Bodies.INVOCATION.mediaTypes());
    }

    private static void requireDocuments() {
        boolean there = Files.isDirectory(SPECS);
        if (System.getenv("CI") != null || System.getenv("REQUIRE_ALL_TESTS") != null) {
            assertThat(there).as("the vendor's documents beside the repository").isTrue();
        }
        if (!there) {
            System.err.println(
                    "SKIPPED: no vendor documents beside the repository, so routes are not compared with them");
        }
        assumeTrue(there, "the vendor's documents are not beside the repository");
    }

    private static Document<Call> document(String name) {
        return RestApi.documents().stream()
                .filter(document -> document.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Shape> shapes(JsonNode document) {
        var shapes = new HashMap<String, Shape>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> shapes.put(
                                operation.getKey() + " " + path.getKey(), shape(document, operation.getValue()))));
        return shapes;
    }

    private static Shape shape(JsonNode document, JsonNode operation) {
        var parameters = new TreeSet<String>();
        for (JsonNode declared : operation.path("parameters")) {
            JsonNode parameter = declared.has("$ref")
                    ? document.at(declared.get("$ref").asString().substring(1))
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

    private static String anonymous(String template) {
        return template.replaceAll("\\{[^}]*}", "{}");
    }

    private static JsonNode read(Path file) {
        return JSON.readTree(file.toFile());
    }
}
