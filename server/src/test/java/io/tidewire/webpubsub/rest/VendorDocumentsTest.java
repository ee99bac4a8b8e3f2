package io.tidewire.webpubsub.rest;

import static io.tidewire.webpubsub.rest.RestServer.assertMarked;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import io.tidewire.service.rest.Document;
import io.tidewire.service.rest.OpenApi;
import io.tidewire.service.rest.VendorDocument;
import io.tidewire.service.rest.VendorDocument.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Walks the vendor's documents and demands, for each of their operations, exactly one of ours with the same method, path, parameters
 * and statuses, and no other one; then calls each on a running server, which answers with a success that the document declares.
 *
 * <p>Where the documents say something else than Tidewire does:
 *
 * <ul>
 *   <li>The seed has generated operation ids of its own ({@code microsoftAzureWebpubsubSendtoall}); the dated documents and the SDKs
 *       have {@code WebPubSub_SendToAll}.
 *   <li>They allow 404 for a connection that joins a group ({@code default} from 2021-10-01 on), and in 2020-10-01 for one that leaves
 *       it, which is never answered (reference L 4).
 *   <li>{@code clientType} has no SocketIO there; callers send it.
 * </ul>
 *
 * The documents of the chat client and of MQTT events are not of this API.
 */
class VendorDocumentsTest {
    /** In the order in which they are walked. */
    private static final Map<String, String> FILES = new TreeMap<>(Map.of(
            "2020-10-01", "2020-10-01.json",
            "2021-05-01-preview", "2021-05-01-preview.json",
            "2021-08-01-preview", "2021-08-01-preview.json",
            "2021-10-01", "2021-10-01.json",
            "2022-11-01", "2022-11-01.json",
            "2023-07-01", "2023-07-01.json",
            "2024-01-01", "2024-01-01.json",
            "2024-12-01", "2024-12-01.json"));

    private static final String SEED = "seed-2021-08-01-preview.yml";
    private static final String SEED_VERSION = "2021-08-01-preview";

    private static RestServer server;

    @BeforeAll
    static void start() {
        server = RestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @TestFactory
    Stream<DynamicTest> everyOperationOfTheSeedIsOursToTheLetter() {
        Path specs = VendorDocument.folder("webpubsub");
        Map<String, Shape> theirs = new TreeMap<>();
        VendorDocument.read(specs.resolve(SEED)).shapes().forEach((line, shape) -> theirs.put(line, plain(shape)));
        Map<String, Shape> ours = new TreeMap<>();
        published(SEED_VERSION).shapes().forEach((line, shape) -> ours.put(line, plain(shape)));
        return compared("seed", theirs, ours);
    }

    /** With an operation id that both spellings have. */
    private static Shape plain(Shape shape) {
        String id = shape.id().replace("microsoftAzure", "").replace("_", "").toLowerCase(Locale.ROOT);
        return new Shape(id, shape.parameters(), shape.statuses());
    }

    @TestFactory
    Stream<DynamicTest> everyOperationOfTheVendorIsOursToTheLetter() {
        Path specs = VendorDocument.folder("webpubsub");
        return FILES.entrySet().stream()
                .flatMap(file -> compared(
                        file.getKey(),
                        VendorDocument.read(specs.resolve(file.getValue())).shapes(),
                        published(file.getKey()).shapes()));
    }

    private static Stream<DynamicTest> compared(String name, Map<String, Shape> theirs, Map<String, Shape> ours) {
        assertThat(theirs).isNotEmpty();
        var tests = new ArrayList<DynamicTest>();
        theirs.forEach((line, shape) -> tests.add(DynamicTest.dynamicTest(
                name + ": " + line, () -> assertThat(ours.get(line)).isEqualTo(shape))));
        tests.add(DynamicTest.dynamicTest(
                name + ": nothing else",
                () -> assertThat(ours.keySet()).containsExactlyInAnyOrderElementsOf(theirs.keySet())));
        return tests.stream();
    }

    /** The seed first: its version. */
    @TestFactory
    Stream<DynamicTest> everyOperationOfTheVendorAnswersAsDeclared() {
        Path specs = VendorDocument.folder("webpubsub");
        var tests = new ArrayList<DynamicTest>();
        called(SEED_VERSION, "seed", VendorDocument.read(specs.resolve(SEED)), tests);
        FILES.forEach((version, file) -> called(version, version, VendorDocument.read(specs.resolve(file)), tests));
        return tests.stream();
    }

    private static void called(String version, String name, VendorDocument document, List<DynamicTest> tests) {
        document.shapes()
                .forEach((line, shape) -> tests.add(DynamicTest.dynamicTest(
                        "call " + name + ": " + line, () -> assertAnswers(version, line, shape))));
    }

    private static void assertAnswers(String version, String line, Shape shape) {
        String hub = RestServer.newHub();
        server.member(hub, "c", "u");
        server.hub(hub)
                .join(io.tidewire.hub.Audience.connection("c"), "g")
                .toCompletableFuture()
                .join();
        server.call("PUT", "/api/hubs/" + hub + "/permissions/sendToGroup/connections/c");

        String method = line.substring(0, line.indexOf(' ')).toUpperCase(Locale.ROOT);
        String path = line.substring(line.indexOf(' ') + 1);
        RawHttp.Answer there = answer(method, path, version, hub, "c", "u", "g");
        assertThat(shape.statuses()).as(there.toString()).contains(Integer.toString(there.status()));
        assertThat(there.status()).as(there.toString()).isBetween(200, 299);
        assertMarked(there);

        RawHttp.Answer missing = answer(method, path, version, RestServer.newHub(), "x", "x", "x");
        boolean declared = shape.statuses().contains(Integer.toString(missing.status()))
                || (missing.status() == 404 && shape.statuses().contains("default"));
        assertThat(declared).as(missing.toString()).isTrue();
        assertMarked(missing);
    }

    private static RawHttp.Answer answer(
            String method, String path, String version, String hub, String connection, String user, String group) {
        String target = path.replace("{hub}", hub)
                        .replace("{connectionId}", connection)
                        .replace("{userId}", user)
                        .replace("{group}", group)
                        .replace("{permission}", "sendToGroup")
                + "?api-version=" + version;
        if (path.endsWith("Groups") && method.equals("POST")) {
            return server.json(target, "{\"groups\":[\"g\"],\"filter\":\"userId eq 'u'\"}");
        }
        return path.endsWith("/:send") ? server.json(target, "{}") : server.call(method, target);
    }

    /** What nobody published is nowhere. */
    @Test
    void everyRouteIsOfAVersion() {
        VendorDocument.folder("webpubsub");
        assertThat(RestApi.documents().stream().map(Document::name)).containsExactlyElementsOf(FILES.keySet());
    }

    private static VendorDocument published(String version) {
        Document<Call> document = RestApi.documents().stream()
                .filter(each -> each.name().equals(version))
                .findFirst()
                .orElseThrow();
        return VendorDocument.of(OpenApi.write(RestApi.TITLE, document));
    }
}
