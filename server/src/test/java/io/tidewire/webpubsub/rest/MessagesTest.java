package io.tidewire.webpubsub.rest;

import static io.tidewire.webpubsub.rest.RestServer.assertBadRequest;
import static io.tidewire.webpubsub.rest.RestServer.assertDone;
import static io.tidewire.webpubsub.rest.RestServer.assertError;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.StringValue;
import io.tidewire.hub.Audience;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The four sends (reference C.2 #6, #9, #13, #22) and their bodies and metadata (C.3). */
class MessagesTest {
    private static RestServer server;

    private final String name = RestServer.newHub();
    private final String path = "/api/hubs/" + name;

    @BeforeAll
    static void start() {
        server = RestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private void join(String connectionId, String group) {
        assertDone(server.call("PUT", path + "/groups/" + group + "/connections/" + connectionId), 200);
    }

    /** What reaches everybody comes last: who has nothing before it was not sent to. */
    private void assertOnly(Receiver... others) {
        assertDone(server.text(path + "/:send", "end"), 202);
        for (Receiver other : others) {
            assertThat(text(other.next())).isEqualTo("end");
        }
    }

    private static String text(ServiceMessage message) {
        return switch (message) {
            case ServiceMessage.FromServer it -> new String(it.data().bytes(), UTF_8);
            case ServiceMessage.FromGroup it -> new String(it.data().bytes(), UTF_8);
            case ServiceMessage.GroupState _ -> throw new AssertionError();
        };
    }

    private static ServiceMessage.FromServer fromServer(Receiver receiver) {
        return (ServiceMessage.FromServer) receiver.next();
    }

    @Test
    void allOfTheHubButTheExcludedAreSentTo() {
        Receiver a = server.member(name, "a", null);
        Receiver b = server.member(name, "b", "u");
        Receiver elsewhere = server.member(RestServer.newHub(), "a", null);
        assertDone(server.text(path + "/:send?excluded=b&excluded=nobody", "hello"), 202);
        assertThat(text(a.next())).isEqualTo("hello");
        assertOnly(a, b);
        assertThat(elsewhere.hasNothing()).isTrue();
    }

    @Test
    void aGroupIsSentToAsAGroupByNobodyInParticular() {
        Receiver in = server.member(name, "in", "u");
        Receiver excluded = server.member(name, "excluded", "u");
        Receiver out = server.member(name, "out", "u");
        join("in", "g");
        join("excluded", "g");
        assertDone(server.text(path + "/groups/g/:send?excluded=excluded&messageTtlSeconds=300", "hello"), 202);
        var message = (ServiceMessage.FromGroup) in.next();
        assertThat(message.group()).isEqualTo("g");
        assertThat(message.fromUserId()).isNull();
        assertThat(message.stream()).isNull();
        assertThat(message.ttlSeconds()).isEqualTo(300);
        assertOnly(in, excluded, out);
    }

    @Test
    void aUserIsSentToOnEveryConnection() {
        Receiver one = server.member(name, "1", "U");
        Receiver two = server.member(name, "2", "U");
        Receiver other = server.member(name, "3", "u");
        assertDone(server.text(path + "/users/U/:send", "hello"), 202);
        assertThat(text(one.next())).isEqualTo("hello");
        assertThat(text(two.next())).isEqualTo("hello");
        assertOnly(one, two, other);
    }

    @Test
    void oneConnectionIsSentTo() {
        Receiver one = server.member(name, "c/1 ", "u");
        Receiver other = server.member(name, "C", "u");
        assertDone(server.text(path + "/connections/c%2F1%20/:send?messageTtlSeconds=0", "hello"), 202);
        ServiceMessage.FromServer message = fromServer(one);
        assertThat(text(message)).isEqualTo("hello");
        assertThat(message.ttlSeconds()).isZero();
        assertOnly(one, other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/:send", "/groups/g/:send", "/users/u/:send", "/connections/c/:send"})
    void whoeverIsNotThereIsNoError(String send) {
        assertDone(server.text(path + send, "hello"), 202);
    }

    @ParameterizedTest
    @CsvSource({
        "/:send, userId eq 'u'",
        "/users/u/:send, connectionId eq 'b'",
        "/groups/g/:send, protocol eq 'json.webpubsub.azure.v1'",
    })
    void aFilterChooses(String send, String filter) {
        Receiver a = server.member(name, "a", send.equals("/users/u/:send") ? "u" : null, "");
        Receiver b = server.member(name, "b", "u");
        join("a", "g");
        join("b", "g");
        String query = "?filter=" + java.net.URLEncoder.encode(filter, UTF_8);
        assertDone(server.text(path + send + query, "hello"), 202);
        assertThat(text(b.next())).isEqualTo("hello");
        assertOnly(a, b);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "301", "x", "1.5", "", "99999999999"})
    void aTimeToLiveIsUpToFiveMinutes(String ttl) {
        Receiver receiver = server.member(name, "c", null);
        assertBadRequest(
                server.text(path + "/:send?messageTtlSeconds=" + ttl, "hello"),
                "Invalid messageTtlSeconds. It is a whole number between 0 and 300.");
        assertThat(receiver.hasNothing()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json|JSON| {\"a\" : [1.0, \"\\u00e9\"]}\n",
                "application/json; charset=utf-8|JSON|\"text\"",
                "Application/JSON;charset=\"UTF-8\"; x=y|JSON|null",
                "text/plain|TEXT|",
                "text/plain;charset=utf-8|TEXT|héllo",
                "application/octet-stream|BINARY|héllo",
                "application/octet-stream; x=y|BINARY|",
            })
    void theContentTypeSaysWhatTheDataIs(String contentType, DataType type, String body) {
        byte[] bytes = body == null ? new byte[0] : body.getBytes(UTF_8);
        Receiver receiver = server.member(name, "c", null);
        assertDone(server.post(path + "/:send", bytes, "Content-Type: " + contentType), 202);
        Payload data = fromServer(receiver).data();
        assertThat(data.type()).isEqualTo(type);
        assertThat(data.bytes()).isEqualTo(bytes);
    }

    @Test
    void withoutAContentTypeDataIsBinary() {
        Receiver receiver = server.member(name, "c", null);
        byte[] bytes = {0, (byte) 0xFF, 'x'};
        assertDone(server.post(path + "/:send", bytes), 202);
        Payload data = fromServer(receiver).data();
        assertThat(data.type()).isEqualTo(DataType.BINARY);
        assertThat(data.bytes()).isEqualTo(bytes);
    }

    @Test
    void protobufIsAnAny() {
        Receiver receiver = server.member(name, "c", null);
        byte[] any = Any.pack(StringValue.of("hello")).toByteArray();
        assertDone(server.post(path + "/:send", any, "Content-Type: application/x-protobuf"), 202);
        Payload data = fromServer(receiver).data();
        assertThat(data.type()).isEqualTo(DataType.PROTOBUF);
        assertThat(data.bytes()).isEqualTo(any);
        assertBadRequest(
                server.post(path + "/:send", new byte[] {(byte) 0xFF}, "Content-Type: application/x-protobuf"),
                "The data is not a google.protobuf.Any.");
    }

    @Test
    void textInAnotherCharsetArrivesAsUtf8() {
        Receiver receiver = server.member(name, "c", null);
        server.post(path + "/:send", "héllo".getBytes(ISO_8859_1), "Content-Type: text/plain; charset=iso-8859-1");
        assertThat(text(receiver.next())).isEqualTo("héllo");
        server.post(path + "/:send", "\"é\"".getBytes(UTF_16), "Content-Type: application/json; charset=UTF-16");
        assertThat(text(receiver.next())).isEqualTo("\"é\"");
    }

    @Test
    void whatIsNotInItsCharsetIsRefused() {
        byte[] latin = "é".getBytes(ISO_8859_1);
        assertBadRequest(
                server.post(path + "/:send", latin, "Content-Type: text/plain"), "The data is not valid UTF-8.");
        assertBadRequest(
                server.post(path + "/:send", latin, "Content-Type: text/plain; charset=us-ascii"),
                "It is not in the charset of its Content-Type.");
        for (String charset : new String[] {"klingon", "../x", ""}) {
            assertBadRequest(
                    server.post(path + "/:send", latin, "Content-Type: text/plain; charset=" + charset),
                    "The charset of the Content-Type is not known.");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "{", "{}x", "{'a':1}", "[1,]", "nul", "01", "\"\\ud800\"x", "\u0000", "\"\t\"", "NaN"})
    void jsonMustBeJson(String body) {
        assertBadRequest(server.json(path + "/:send", body), "The request body is not a valid JSON.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "application/xml",
                "application/jsonx",
                "application/json2; charset=utf-8",
                "multipart/form-data; boundary=x",
                "x",
            })
    void anotherContentTypeIsRefused(String contentType) {
        var answer = server.post(path + "/:send", new byte[] {'1'}, "Content-Type: " + contentType);
        assertError(answer, 415, "Error.UnsupportedMediaType", "application/json");
    }

    @Test
    void aBodyThatIsTooLargeIsToldTheLimit() {
        var answer = server.post(path + "/:send", new byte[1024 * 1024 + 1], "Content-Type: text/plain");
        assertError(answer, 413, "Error.TooLarge", "1048576 bytes (setting http.maxBodyBytes)");
    }

    /** In lower case; of repeated headers the last, of values with commas what is behind the last. */
    @Test
    void metadataTravelsInHeaders() {
        Receiver receiver = server.member(name, "c", null);
        server.text(
                path + "/:send",
                "hello",
                "X-WebPubSub-Metadata-Trace-Id: 1",
                "x-webpubsub-metadata-trace-id:  2, 3 ",
                "X-WEBPUBSUB-METADATA-!#$%&'*+.^_`|~: a b",
                "x-webpubsub-metadata-empty:",
                "x-webpubsub-meta: no");
        assertThat(fromServer(receiver).metadata().entries())
                .isEqualTo(Map.of("trace-id", "3", "!#$%&'*+.^_`|~", "a b", "empty", ""));
        server.text(path + "/:send", "hello");
        assertThat(fromServer(receiver).metadata().isEmpty()).isTrue();
    }

    @Test
    void metadataOverALimitIsRefusedWithTheLimit() {
        Receiver receiver = server.member(name, "c", null);
        assertBadRequest(
                server.text(path + "/:send", "x", "x-webpubsub-metadata-" + "k".repeat(257) + ": v"),
                "Invalid metadata key.");
        assertBadRequest(server.text(path + "/:send", "x", "x-webpubsub-metadata-: v"), "Invalid metadata key.");
        assertBadRequest(
                server.text(path + "/:send", "x", "x-webpubsub-metadata-k: " + "v".repeat(1025)),
                "Invalid metadata value.");
        var many = new String[9];
        for (int i = 0; i < many.length; i++) {
            many[i] = "x-webpubsub-metadata-" + i + ": " + "v".repeat(1000);
        }
        assertBadRequest(server.text(path + "/:send", "x", many), "Too much metadata.");
        assertDone(
                server.text(
                        path + "/:send", "end", "x-webpubsub-metadata-" + "k".repeat(256) + ": " + "v".repeat(1024)),
                202);
        assertThat(text(receiver.next())).isEqualTo("end");
    }

    @Test
    void theQuotaOfMessagesIsForSendsAlone() {
        try (RestServer used = RestServer.start("webpubsub.limits.messagesPerDay=1")) {
            used.member("h", "c", null);
            assertDone(used.text("/api/hubs/h/:send", "1"), 202);
            assertError(
                    used.text("/api/hubs/h/:send", "2"),
                    429,
                    "Error.TooManyRequests",
                    "(setting webpubsub.limits.messagesPerDay)");
            assertDone(used.json("/api/hubs/h/:addToGroups", "{\"groups\":[\"g\"]}"), 200);
            assertDone(used.call("PUT", "/api/hubs/h/groups/g/connections/c"), 200);
        }
    }

    @Test
    void aFilterIsForConnectionsAndNotForNames() {
        Receiver receiver = server.member(name, "c", "u'v");
        server.hub(name)
                .join(Audience.connection("c"), "g")
                .toCompletableFuture()
                .join();
        assertDone(server.text(path + "/:send?filter=userId%20eq%20%27u%27%27v%27", "hello"), 202);
        assertThat(text(receiver.next())).isEqualTo("hello");
    }
}
