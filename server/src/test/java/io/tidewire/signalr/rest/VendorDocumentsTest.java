package io.tidewire.signalr.rest;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.tidewire.service.rest.VendorDocument;
import io.tidewire.service.rest.VendorDocument.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * Walks the vendor's documents and demands, for each of their operations, exactly one of ours with the same method, path,
 * parameters and statuses; and no operation or route of ours that is neither theirs nor listed here as an alias.
 */
class VendorDocumentsTest {
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

    @TestFactory
    Stream<DynamicTest> everyOperationOfTheVendorIsOursToTheLetter() {
        Path specs = VendorDocument.folder("signalr");
        var tests = new ArrayList<DynamicTest>();
        FILES.forEach((name, file) -> {
            Map<String, Shape> theirs = VendorDocument.read(specs.resolve(file)).shapes();
            Map<String, Shape> ours = published(name).shapes();
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
        return published(version).shapes().keySet();
    }

    @Test
    void everyRouteIsAnOperationOrAListedAlias() {
        Path specs = VendorDocument.folder("signalr");
        var known = new HashSet<String>();
        FILES.values().forEach(file -> {
            JsonNode document = VendorDocument.read(specs.resolve(file)).json();
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
        JsonNode document = published("v1").json();
        JsonNode send = document.at("/paths/~1api~1v1~1hubs~1{hub}~1users~1{id}/post");
        assertThat(send.at("/parameters/1/name").asString()).isEqualTo("id");
        assertThat(send.at("/requestBody/content").propertyNames())
                .containsExactlyInAnyOrderElementsOf(Bodies.INVOCATION.mediaTypes());
    }

    private static VendorDocument published(String name) {
        Document<Call> document = RestApi.documents().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        return VendorDocument.of(OpenApi.write(RestApi.TITLE, document));
    }

    private static String anonymous(String template) {
        return template.replaceAll("\\{[^}]*}", "{}");
    }
}
