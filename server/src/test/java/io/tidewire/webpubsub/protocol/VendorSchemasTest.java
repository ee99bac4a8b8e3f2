package io.tidewire.webpubsub.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tidewire.hub.Frame;
import io.tidewire.service.rest.VendorDocument;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The vendor's JSON schemas: their examples are read and written, and what else we write is valid by them.
 */
class VendorSchemasTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ClientProtocol PROTOCOL = ClientProtocols.JSON;

    private static JsonNode file(String name) {
        return JSON.readTree(VendorDocument.folder("webpubsub")
                .resolve("json-schema")
                .resolve(name)
                .toFile());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            join-group    | join group1 ack=1
            leave-group   | leave group1 ack=1
            send-to-group | send group1 text Hello ack=1 noEcho
            send-event    | event message json { "Hello": "world" }
            """)
    void examplesOfRequestsAreRead(String name, String expected) {
        byte[] request = JSON.writeValueAsBytes(valid("request", file("examples/request-" + name + ".json")));
        String seen = Seen.of(PROTOCOL.read(Unpooled.wrappedBuffer(request)));
        assertThat(seen.replaceAll("[{]\"Hello\":\"world\"[}]", "{ \"Hello\": \"world\" }"))
                .isEqualTo(expected);
    }

    @Test
    void examplesOfResponsesAreWritten() {
        Payload hello = new Payload(DataType.JSON, "{\"hello\":\"world\"}".getBytes(UTF_8));
        example(
                "ack-message",
                PROTOCOL.failedAck(1, "Forbidden", "The client has no permission to send message to group 'group1'."));
        example(
                "from-group-message",
                PROTOCOL.encode(new ServiceMessage.FromGroup("group1", "user1", hello, Metadata.NONE, 0, null)));
        example("system-connected-response", PROTOCOL.connected("connection123", "user1", null));
        example("system-disconnected-response", PROTOCOL.disconnected("Service reload"));
    }

    private static void example(String name, @Nullable Frame frame) {
        var expected = (ObjectNode) file("examples/response-" + name + ".json");
        expected.remove("$schema");
        assertThat(valid("response", JSON.readTree(Written.payload(frame)))).isEqualTo(expected);
    }

    @Test
    void whatElseWeWriteIsValid() {
        Metadata metadata = Metadata.of(Map.of("k", "v"));
        for (ClientProtocol protocol : new ClientProtocol[] {ClientProtocols.JSON, ClientProtocols.JSON_RELIABLE}) {
            written(protocol.ack(7));
            written(protocol.connected("c", null, "token"));
            written(protocol.encode(new ServiceMessage.FromServer(Payload.EMPTY_TEXT, metadata, 0)));
            written(protocol.encode(
                    new ServiceMessage.FromServer(new Payload(DataType.BINARY, new byte[3]), metadata, 0)));
            written(protocol.encode(new ServiceMessage.FromServer(
                    new Payload(DataType.JSON, "{\"a\":[]}".getBytes(UTF_8)), Metadata.NONE, 0)));
            written(protocol.encode(new ServiceMessage.FromGroup("g", null, Payload.EMPTY_TEXT, metadata, 0, null)));
        }
    }

    private static void written(@Nullable Frame frame) {
        valid("response", JSON.readTree(Written.payload(frame)));
    }

    /** The judge can say no. */
    @Test
    void whatIsNotValidIsSeen() {
        for (String wrong : new String[] {
            "{\"type\":\"ack\",\"ackId\":\"1\",\"success\":true}",
            "{\"type\":\"message\",\"from\":\"group\",\"dataType\":\"text\",\"data\":\"\"}",
            "{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"text\",\"data\":1}",
            "{\"type\":\"system\",\"event\":\"connected\",\"connectionId\":null}",
        }) {
            JsonNode schema = file("webpubsub.v1.response.json");
            assertThat(new Judge(schema).accepts(schema, JSON.readTree(wrong)))
                    .as(wrong)
                    .isFalse();
        }
    }

    private static JsonNode valid(String kind, JsonNode message) {
        JsonNode schema = file("webpubsub.v1." + kind + ".json");
        assertThat(new Judge(schema).accepts(schema, message))
                .as("%s is valid: %s", kind, message)
                .isTrue();
        return message;
    }

    /** As much of JSON Schema as these schemas use. */
    private record Judge(JsonNode root) {
        boolean accepts(JsonNode schema, JsonNode value) {
            return schema.properties().stream().allMatch(rule -> holds(rule.getKey(), rule.getValue(), value));
        }

        private boolean holds(String keyword, JsonNode rule, JsonNode value) {
            return switch (keyword) {
                case "$ref" -> accepts(root.at(rule.asString().substring(1)), value);
                case "type" -> isA(rule.asString(), value);
                case "const" -> value.equals(rule);
                case "enum" -> rule.valueStream().anyMatch(value::equals);
                case "required" -> rule.valueStream().allMatch(name -> value.has(name.asString()));
                case "properties" ->
                    rule.properties().stream()
                            .allMatch(property -> !value.has(property.getKey())
                                    || accepts(property.getValue(), value.get(property.getKey())));
                case "allOf" -> rule.valueStream().allMatch(part -> accepts(part, value));
                case "oneOf" ->
                    rule.valueStream().filter(part -> accepts(part, value)).count() == 1;
                case "$schema", "$id", "$defs", "title", "description", "examples", "default", "additionalProperties" ->
                    true;
                default -> throw new AssertionError("a keyword that the test does not know: " + keyword);
            };
        }

        private static boolean isA(String type, JsonNode value) {
            return switch (type) {
                case "object" -> value.isObject();
                case "string" -> value.isString();
                case "integer" -> value.isIntegralNumber();
                case "boolean" -> value.isBoolean();
                default -> throw new AssertionError("a type that the test does not know: " + type);
            };
        }
    }
}
