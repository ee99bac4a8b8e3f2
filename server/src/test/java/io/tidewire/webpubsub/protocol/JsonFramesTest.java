package io.tidewire.webpubsub.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.tidewire.hub.Frame;
import io.tidewire.hub.MemberState;
import io.tidewire.service.protocol.ProtocolViolation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every message in JSON, as it is on the wire. */
class JsonFramesTest {
    private static final ClientProtocol JSON = ClientProtocols.JSON;

    private static String read(String text) {
        return Seen.of(JSON.read(Unpooled.copiedBuffer(text, UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type":"joinGroup","group":"g"}                      | join g
            {"type":"joinGroup","group":"g","ackId":1}            | join g ack=1
            {"type":"joinGroup","group":"g","ackId":null}         | join g
            {"ackId":0,"group":"é😀","type":"JOINGROUP"}           | join é😀 ack=0
            {"type":"leaveGroup","group":"g","ackId":18446744073709551615} | leave g ack=18446744073709551615
            {"type":"sendToGroup","group":"g","data":{"a": [1, 2.50]}}     | send g json {"a": [1, 2.50]}
            {"data": "dGV4dA==" ,"group":"g","dataType":"text","type":"sendToGroup"}     | send g text dGV4dA==
            {"data":"dGV4dA==","group":"g","dataType":"binary","type":"sendToGroup"}     | send g binary #74657874
            {"data":"CgFh","group":"g","dataType":"protobuf","type":"sendToGroup"}       | send g protobuf #0a0161
            {"type":"sendToGroup","group":"g","dataType":"text","data":"a\\"\\u00e9\\n"} | send g text a"é␊
            {"type":"sendToGroup","group":"g","data":"quoted"}    | send g json "quoted"
            {"type":"sendToGroup","group":"g","data":false,"dataType":"json"} | send g json false
            {"type":"sendToGroup","group":"g","dataType":"text","data":"","noEcho":true,"ttlSeconds":300,"ackId":7} | send g text  ack=7 noEcho ttl=300
            {"type":"sendToGroup","group":"g","data":1,"metadata":{"K-1":"v","k-2":" "}} | send g json 1 {k-1=v, k-2= }
            {"type":"sendToGroup","group":"g","metadata":{"k":"v"}}          | send g text  {k=v}
            {"type":"sendToGroup","group":"g","stream":{"streamId":"s"}}     | startStream s g
            {"type":"sendToGroup","group":"g","stream":{"streamId":"s","idleTimeoutMs":1000},"noEcho":true} | startStream s g idle=1000 noEcho
            {"type":"event","event":"Buy.1","data":[],"ackId":3,"metadata":{"a":"b"}} | event Buy.1 json [] ack=3 {a=b}
            {"type":"ping"}                                       | ping
            {"type":"Ping","unknown":[{"type":1}],"data":null}    | ping
            {"type":"sequenceAck","sequenceId":5}                 | sequenceAck 5
            {"type":"invoke","invocationId":"i","target":"event","event":"e","dataType":"text","data":"x"} | invoke i e text x
            {"type":"invoke","invocationId":"i","target":"event","event":"e"} | invoke i e
            {"type":"cancelInvocation","invocationId":"i"}        | cancel i
            {"type":"streamData","streamId":"s","streamSequenceId":1,"dataType":"text","data":"x"} | streamData s 1 text x
            {"type":"streamData","streamId":"s"}                  | keepAlive s
            {"type":"streamEnd","streamId":"s"}                   | endStream s
            {"type":"streamEnd","streamId":"s","error":{"message":"m","userErrorCode":"c"}} | endStream s UserError m c
            {"type":"setGroupState","group":"g","state":{"a":"1","b":"2"},"ackId":1} | setState g {a=1, b=2} ack=1
            {"type":"setGroupState","group":"g","state":{}}       | setState g {}
            {"type":"setGroupState","group":"g"}                  | setState g null
            {"type":"subscribeGroupState","group":"g","ackId":2}  | subscribe g ack=2
            {"type":"unsubscribeGroupState","group":"g"}          | unsubscribe g
            """)
    void isRead(String text, String expected) {
        assertThat(read(text).replace('\n', '␊').stripTrailing()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ping",
                "[]",
                "{\"type\":\"ping\"} x",
                "{\"type\":\"ping\"}{\"type\":\"ping\"}",
                "{}",
                "{\"type\":1}",
                "{\"type\":null}",
                "{\"type\":\"\"}",
                "{\"type\":\"pong\"}",
                "{\"type\":\"joinGroups\",\"group\":\"g\"}",
                "{\"type\":\"ping\",\"type\":\"ping\"}",
                "{\"type\":\"joinGroup\",\"group\":\"g\",\"\\u0067roup\":\"h\"}",
                "{\"type\":\"joinGroup\"}",
                "{\"type\":\"joinGroup\",\"group\":null}",
                "{\"type\":\"joinGroup\",\"group\":1}",
                "{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":-1}",
                "{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":1.0}",
                "{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":1e0}",
                "{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":\"1\"}",
                "{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":18446744073709551616}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\"}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"metadata\":{}}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":null}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":null,\"metadata\":{\"a\":\"b\"}}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":1,\"dataType\":\"xml\"}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":1,\"dataType\":\"text\"}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":null,\"dataType\":\"text\"}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":[],\"dataType\":\"binary\"}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":\"YQ\",\"dataType\":\"binary\"}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":\"Y Q==\",\"dataType\":\"binary\"}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":\"-_-_\",\"dataType\":\"binary\"}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":1,\"ttlSeconds\":1.5}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":1,\"noEcho\":\"yes\"}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":1,\"metadata\":[]}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":1,\"metadata\":{\"a\":1}}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"stream\":{}}",
                "{\"type\":\"sendToGroup\",\"group\":\"g\",\"stream\":{\"streamId\":\"\"}}",
                "{\"type\":\"event\",\"data\":1}",
                "{\"type\":\"sequenceAck\"}",
                "{\"type\":\"sequenceAck\",\"sequenceId\":-1}",
                "{\"type\":\"invoke\",\"target\":\"event\",\"event\":\"e\"}",
                "{\"type\":\"invoke\",\"invocationId\":\"i\",\"event\":\"e\"}",
                "{\"type\":\"streamData\",\"streamId\":\"s\",\"data\":1}",
                "{\"type\":\"setGroupState\",\"group\":\"g\",\"state\":{\"a\":1}}",
            })
    void isNoMessage(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ProtocolViolation.class);
    }

    /** What has no meaning for the type does not matter, whatever it is. */
    @Test
    void membersOfOtherTypesAreIgnored() {
        assertThat(
                        read(
                                "{\"type\":\"ping\",\"group\":7,\"ackId\":-1.5,\"error\":[],\"stream\":\"\",\"metadata\":true}"))
                .isEqualTo("ping");
    }

    @Test
    void whatIsBeyondALimitIsRefused() {
        assertThat(read("{\"type\":\"joinGroup\",\"group\":\" \\u00a0\",\"ackId\":1}"))
                .startsWith("refused ack=1 Invalid group name.");
        assertThat(read("{\"type\":\"joinGroup\",\"group\":\"\"}")).startsWith("refused Invalid group name.");
        assertThat(read("{\"type\":\"leaveGroup\",\"group\":\"" + "g".repeat(1025) + "\",\"ackId\":1}"))
                .startsWith("refused ack=1 Invalid group name.");
        assertThat(read("{\"type\":\"leaveGroup\",\"group\":\"" + "g".repeat(1024) + "\"}"))
                .startsWith("leave ggg");
        assertThat(read("{\"type\":\"event\",\"event\":\"1st\",\"data\":1,\"ackId\":1}"))
                .startsWith("refused ack=1 Invalid event name.");
        assertThat(read("{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":1,\"ttlSeconds\":301,\"ackId\":1}"))
                .isEqualTo("refused ack=1 Invalid ttlSeconds. It is a number from 0 to 300.");
        assertThat(read("{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":1,\"ttlSeconds\":-1}"))
                .startsWith("refused Invalid ttlSeconds.");
        assertThat(read("{\"type\":\"event\",\"event\":\"e\",\"data\":1,\"metadata\":{\"a b\":\"\"},\"ackId\":1}"))
                .startsWith("refused ack=1 Invalid metadata key.");
        assertThat(read("{\"type\":\"event\",\"event\":\"e\",\"data\":1,\"metadata\":{\"a\":\"é\"},\"ackId\":1}"))
                .startsWith("refused ack=1 Invalid metadata value.");
        assertThat(read("{\"type\":\"event\",\"event\":\"e\",\"data\":\"CgE=\",\"dataType\":\"protobuf\",\"ackId\":1}"))
                .isEqualTo("refused ack=1 The data is not a google.protobuf.Any.");
        assertThat(read("{\"type\":\"invoke\",\"invocationId\":\"i\",\"target\":\"event\",\"event\":\"\"}"))
                .startsWith("refused invocation=i Invalid event name.");
        assertThat(read("{\"type\":\"invoke\",\"invocationId\":\"i\",\"target\":\"group\",\"event\":\"e\"}"))
                .isEqualTo("refused invocation=i The target of an invocation is 'event'.");
        assertThat(read("{\"type\":\"sendToGroup\",\"group\":\" \",\"stream\":{\"streamId\":\"s\"}}"))
                .startsWith("refused stream=s Invalid group name.");
        assertThat(read("{\"type\":\"sendToGroup\",\"group\":\"g\",\"data\":1,\"stream\":{\"streamId\":\"s\"}}"))
                .isEqualTo("refused stream=s The data of a stream comes in streamData messages.");
        assertThat(read("{\"type\":\"sendToGroup\",\"group\":\"g\",\"ackId\":4,\"stream\":{\"streamId\":\"s\"}}"))
                .isEqualTo("refused ack=4 A stream has streamAck messages and no ackId.");
        assertThat(read("{\"type\":\"setGroupState\",\"group\":\"g\",\"ackId\":1,\"state\":{\"a\":\""
                        + "b".repeat(16_384) + "\"}}"))
                .startsWith("refused ack=1 The group state is too large.");
    }

    /** Each entry costs us more than its characters. */
    @Test
    void aGroupStateHasOnlySoManyEntries() {
        String entries =
                IntStream.range(0, 101).mapToObj(i -> "\"k" + i + "\":\"\"").collect(Collectors.joining(","));
        assertThat(read("{\"type\":\"setGroupState\",\"group\":\"g\",\"ackId\":1,\"state\":{" + entries + "}}"))
                .isEqualTo("refused ack=1 A group state has at most 100 entries.");
    }

    // --- out

    static Payload payload(DataType type, String bytes) {
        return new Payload(type, bytes.getBytes(UTF_8));
    }

    static Metadata metadata() {
        var entries = new LinkedHashMap<String, String>();
        entries.put("b", "2");
        entries.put("a", "\"1\"");
        return Metadata.of(entries);
    }

    private static String written(@Nullable Frame frame) {
        return new String(Written.payload(frame), UTF_8);
    }

    private static void written(ServiceMessage message, String expected) {
        assertThat(written(JSON.encode(message))).isEqualTo(expected + "}");
        assertThat(written(ClientProtocols.JSON_RELIABLE.encode(message))).isEqualTo(expected + ",\"sequenceId\":12}");
    }

    @Test
    void messagesAreWritten() {
        written(
                new ServiceMessage.FromGroup("g", "u", payload(DataType.JSON, "{\"a\": 1.50}"), Metadata.NONE, 0, null),
                "{\"type\":\"message\",\"from\":\"group\",\"group\":\"g\",\"fromUserId\":\"u\",\"dataType\":\"json\",\"data\":{\"a\": 1.50}");
        written(
                new ServiceMessage.FromGroup("\"g\"", null, payload(DataType.TEXT, "a\"\n€"), metadata(), 0, null),
                "{\"type\":\"message\",\"from\":\"group\",\"group\":\"\\\"g\\\"\",\"metadata\":{\"b\":\"2\",\"a\":\"\\\"1\\\"\"},\"dataType\":\"text\",\"data\":\"a\\\"\\n€\"");
        written(
                new ServiceMessage.FromServer(new Payload(DataType.BINARY, new byte[] {0, -1}), Metadata.NONE, 0),
                "{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"binary\",\"data\":\"AP8=\"");
        written(
                new ServiceMessage.FromServer(payload(DataType.PROTOBUF, "\n\1a"), Metadata.NONE, 0),
                "{\"type\":\"message\",\"from\":\"server\",\"dataType\":\"protobuf\",\"data\":\"CgFh\"");
        written(
                new ServiceMessage.FromGroup(
                        "g",
                        null,
                        payload(DataType.TEXT, "x"),
                        Metadata.NONE,
                        0,
                        new ServiceMessage.StreamPart("s", 3, false, null)),
                "{\"type\":\"message\",\"from\":\"group\",\"group\":\"g\",\"stream\":{\"streamId\":\"s\",\"streamSequenceId\":3},\"dataType\":\"text\",\"data\":\"x\"");
        written(
                new ServiceMessage.FromGroup(
                        "g",
                        null,
                        Payload.EMPTY_TEXT,
                        Metadata.NONE,
                        0,
                        new ServiceMessage.StreamPart("s", 4, true, new StreamError("UserError", "m", "c"))),
                "{\"type\":\"message\",\"from\":\"group\",\"group\":\"g\",\"stream\":{\"streamId\":\"s\",\"streamSequenceId\":4,\"endOfStream\":true,\"error\":{\"name\":\"UserError\",\"message\":\"m\",\"userErrorCode\":\"c\"}},\"dataType\":\"text\",\"data\":\"\"");
    }

    @Test
    void groupStatesAreWritten() {
        written(
                new ServiceMessage.GroupState(
                        "g",
                        true,
                        List.of(
                                new MemberState("c1", "u", Map.of("k", "v"), 1700),
                                new MemberState("c2", null, Map.of(), 1701))),
                "{\"type\":\"groupStateSnapshot\",\"group\":\"g\",\"items\":[{\"connectionId\":\"c1\",\"userId\":\"u\",\"state\":{\"k\":\"v\"},\"updatedAt\":1700},{\"connectionId\":\"c2\",\"state\":{},\"updatedAt\":1701}]");
        written(
                new ServiceMessage.GroupState("g", false, List.of(new MemberState("c1", null, null, 1702))),
                "{\"type\":\"groupStateUpdate\",\"group\":\"g\",\"items\":[{\"connectionId\":\"c1\",\"updatedAt\":1702}]");
    }

    @Test
    void whatOneClientIsToldIsWritten() {
        assertThat(written(JSON.connected("c", null, null)))
                .isEqualTo("{\"type\":\"system\",\"event\":\"connected\",\"connectionId\":\"c\"}");
        assertThat(written(JSON.connected("c", "u", "t")))
                .isEqualTo(
                        "{\"type\":\"system\",\"event\":\"connected\",\"connectionId\":\"c\",\"userId\":\"u\",\"reconnectionToken\":\"t\"}");
        assertThat(written(JSON.disconnected("why")))
                .isEqualTo("{\"type\":\"system\",\"event\":\"disconnected\",\"message\":\"why\"}");
        assertThat(written(JSON.ack(-1)))
                .isEqualTo("{\"type\":\"ack\",\"ackId\":18446744073709551615,\"success\":true}");
        assertThat(written(JSON.failedAck(0, "Forbidden", "no \"g\"")))
                .isEqualTo(
                        "{\"type\":\"ack\",\"ackId\":0,\"success\":false,\"error\":{\"name\":\"Forbidden\",\"message\":\"no \\\"g\\\"\"}}");
        assertThat(written(JSON.pong())).isEqualTo("{\"type\":\"pong\"}");
        assertThat(written(JSON.invokeResponse("i", null)))
                .isEqualTo("{\"type\":\"invokeResponse\",\"invocationId\":\"i\",\"success\":true}");
        assertThat(written(JSON.invokeResponse("i", payload(DataType.JSON, "[1]"))))
                .isEqualTo(
                        "{\"type\":\"invokeResponse\",\"invocationId\":\"i\",\"success\":true,\"dataType\":\"json\",\"data\":[1]}");
        assertThat(written(JSON.failedInvokeResponse("i", "NotFound", "m")))
                .isEqualTo(
                        "{\"type\":\"invokeResponse\",\"invocationId\":\"i\",\"success\":false,\"error\":{\"name\":\"NotFound\",\"message\":\"m\"}}");
        assertThat(written(JSON.streamAck("s", 1)))
                .isEqualTo("{\"type\":\"streamAck\",\"streamId\":\"s\",\"expectedSequenceId\":1}");
        assertThat(written(JSON.streamNack("s", "InvalidSequenceId", "m", 2)))
                .isEqualTo(
                        "{\"type\":\"streamNack\",\"streamId\":\"s\",\"name\":\"InvalidSequenceId\",\"message\":\"m\",\"expectedSequenceId\":2}");
        assertThat(written(JSON.streamClosed("s", null))).isEqualTo("{\"type\":\"streamClosed\",\"streamId\":\"s\"}");
        assertThat(written(JSON.streamClosed("s", new StreamError("IdleTimeout", "m", null))))
                .isEqualTo(
                        "{\"type\":\"streamClosed\",\"streamId\":\"s\",\"error\":{\"name\":\"IdleTimeout\",\"message\":\"m\"}}");
    }

    @Test
    void theKnownSubprotocolsAreFoundByTheirName() {
        for (ClientProtocol protocol : ClientProtocols.ALL) {
            assertThat(ClientProtocols.find(protocol.subprotocol())).isSameAs(protocol);
            assertThat(ClientProtocols.ALL.get(protocol.index())).isSameAs(protocol);
            assertThat(protocol.index()).isLessThan(SimpleDialect.INSTANCE.index());
        }
        assertThat(ClientProtocols.find("JSON.webpubsub.azure.v1")).isNull();
        assertThat(ClientProtocols.find("mqtt")).isNull();
    }
}
