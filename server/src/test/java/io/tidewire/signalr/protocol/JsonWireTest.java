package io.tidewire.signalr.protocol;

import static io.tidewire.signalr.protocol.WireText.json;
import static io.tidewire.signalr.protocol.WireText.jsonText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewire.hub.Frame;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.transport.EncodedFrame;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every message type in JSON, as it is on the wire; {@code ;} stands for 0x1E. */
class JsonWireTest {
    private static final HubProtocol JSON = HubProtocols.JSON;

    private static JsonArguments arguments(String text) {
        return JsonArguments.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void everyTypeIsWritten() {
        assertThat(jsonText(JSON.invocation(null, "send", arguments("[ 1, {\"a\": 2.50} ]"))))
                .isEqualTo("{\"type\":1,\"target\":\"send\",\"arguments\":[ 1, {\"a\": 2.50} ]};");
        assertThat(jsonText(JSON.invocation("i1", "send", JsonArguments.NONE)))
                .isEqualTo("{\"type\":1,\"invocationId\":\"i1\",\"target\":\"send\",\"arguments\":[]};");
        assertThat(jsonText(JSON.streamItem("i2", json("{\"n\":1}"))))
                .isEqualTo("{\"type\":2,\"invocationId\":\"i2\",\"item\":{\"n\":1}};");
        assertThat(jsonText(JSON.completion("i3", null))).isEqualTo("{\"type\":3,\"invocationId\":\"i3\"};");
        assertThat(jsonText(JSON.completion("i3", "no")))
                .isEqualTo("{\"type\":3,\"invocationId\":\"i3\",\"error\":\"no\"};");
        assertThat(jsonText(JSON.completionWithResult("i3", json("null"))))
                .isEqualTo("{\"type\":3,\"invocationId\":\"i3\",\"result\":null};");
        assertThat(jsonText(JSON.streamInvocation("i4", "count", arguments("[10]"))))
                .isEqualTo("{\"type\":4,\"invocationId\":\"i4\",\"target\":\"count\",\"arguments\":[10]};");
        assertThat(jsonText(JSON.cancelInvocation("i4"))).isEqualTo("{\"type\":5,\"invocationId\":\"i4\"};");
        assertThat(jsonText(JSON.ping())).isEqualTo("{\"type\":6};");
        assertThat(jsonText(JSON.close(null, false))).isEqualTo("{\"type\":7};");
        assertThat(jsonText(JSON.close("gone", true)))
                .isEqualTo("{\"type\":7,\"error\":\"gone\",\"allowReconnect\":true};");
        assertThat(jsonText(JSON.ack(1394))).isEqualTo("{\"type\":8,\"sequenceId\":1394};");
        assertThat(jsonText(JSON.sequence(Long.MAX_VALUE)))
                .isEqualTo("{\"type\":9,\"sequenceId\":9223372036854775807};");
    }

    @Test
    void everyTypeIsRead() {
        String input = """
                {"type":1,"target":"send","arguments":[ 1, "x" ]};\
                {"arguments":[],"streamIds":["s1","s2"],"target":"send","invocationId":"i1","headers":{"h":"v"},"type":1};\
                {"type":2,"invocationId":"i2","item": {"n": 1} };\
                {"type":3,"invocationId":"i3"};\
                {"type":3,"invocationId":"i3","error":"no"};\
                {"type":3,"invocationId":"i3","result":null,"error":null};\
                {"type":4,"invocationId":"i4","target":"count","arguments":[10]};\
                {"type":5,"invocationId":"i4"};\
                {"type":6};\
                {"type":7};\
                {"type":7,"error":"gone","allowReconnect":true};\
                {"type":8,"sequenceId":1394};\
                {"type":9,"sequenceId":9223372036854775807};\
                {"type":99,"new":[{}]};""";

        assertThat(Seen.of(JSON, json(input)))
                .containsExactly(
                        "invocation id=null target=send arguments=[ 1, \"x\" ] streams=0",
                        "invocation id=i1 target=send arguments=[] streams=2",
                        "streamItem id=i2 item={\"n\": 1}",
                        "completion id=i3 error=null result=none",
                        "completion id=i3 error=no result=none",
                        "completion id=i3 error=null result=null",
                        "streamInvocation id=i4 target=count arguments=[10] streams=0",
                        "cancelInvocation id=i4",
                        "ping",
                        "close error=null reconnect=false",
                        "close error=gone reconnect=true",
                        "ack 1394",
                        "sequence 9223372036854775807",
                        "unknown 99");
    }

    @Test
    void framesCarryTheirWebSocketHeader() {
        EncodedFrame ping = JSON.ping();
        assertThat(ping.bytes().getUnsignedByte(ping.bytes().readerIndex())).isEqualTo((short) 0x81);
        assertThat(ping.size()).isEqualTo(2 + 11);
        assertThat(HubProtocols.MESSAGE_PACK.ping().size()).isEqualTo(2 + 3);
    }

    @Test
    void targetIsEscapedAndUnescaped() {
        String target = "a\"b\\c\n\u0001é😀/\u2028";
        byte[] sent = WireText.payload(JSON.invocation(null, target, JsonArguments.NONE));

        assertThat(new String(sent, StandardCharsets.UTF_8)).contains("\"a\\\"b\\\\c\\n\\u0001é😀/\u2028\"");
        assertThat(Seen.of(JSON, sent))
                .containsExactly("invocation id=null target=" + target + " arguments=[] streams=0");
    }

    @Test
    void escapedMemberNamesAreTheSameMembers() {
        assertThat(Seen.of(JSON, json("{\"\\u0074ype\":1,\"tar\\u0067et\":\"\\ud83d\\ude00\\/\",\"arguments\":[]};")))
                .containsExactly("invocation id=null target=😀/ arguments=[] streams=0");
    }

    @Test
    void anEmptyInvocationIdMeansNone() {
        assertThat(Seen.of(JSON, json("{\"type\":1,\"invocationId\":\"\",\"target\":\"t\",\"arguments\":[]};")))
                .containsExactly("invocation id=null target=t arguments=[] streams=0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ";",
                "[];",
                "null;",
                "{};",
                "{\"type\":6}{\"type\":6};",
                "{\"type\":6},;",
                "{\"type\":6,};",
                "{\"type\":\"6\"};",
                "{\"type\":6.0};",
                "{\"type\":1e0};",
                "{\"type\":null};",
                "{\"type\":4294967302};",
                "{\"Type\":6};",
                "{\"type\":6,\"type\":6};",
                "{\"type\":6,\"\\u0074ype\":6};",
                "{\"type\":1,\"target\":\"t\"};",
                "{\"type\":1,\"arguments\":[]};",
                "{\"type\":1,\"target\":\"\",\"arguments\":[]};",
                "{\"type\":1,\"target\":7,\"arguments\":[]};",
                "{\"type\":1,\"target\":\"t\",\"arguments\":{}};",
                "{\"type\":1,\"target\":\"t\",\"arguments\":null};",
                "{\"type\":1,\"target\":\"t\",\"arguments\":[],\"arguments\":[]};",
                "{\"type\":1,\"target\":\"t\",\"target\":\"t\",\"arguments\":[]};",
                "{\"type\":1,\"invocationId\":7,\"target\":\"t\",\"arguments\":[]};",
                "{\"type\":1,\"target\":\"t\",\"arguments\":[],\"streamIds\":[1]};",
                "{\"type\":1,\"target\":\"t\",\"arguments\":[],\"headers\":[]};",
                "{\"type\":2,\"invocationId\":\"i\"};",
                "{\"type\":2,\"item\":1};",
                "{\"type\":3};",
                "{\"type\":3,\"invocationId\":\"\"};",
                "{\"type\":3,\"invocationId\":\"i\",\"result\":1,\"error\":\"e\"};",
                "{\"type\":4,\"target\":\"t\",\"arguments\":[]};",
                "{\"type\":5};",
                "{\"type\":7,\"allowReconnect\":1};",
                "{\"type\":8};",
                "{\"type\":8,\"sequenceId\":-1};",
                "{\"type\":9,\"sequenceId\":9223372036854775808};",
            })
    void refused(String input) {
        assertThatThrownBy(() -> Seen.of(JSON, json(input)))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageStartingWith("JSON: ")
                .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
    }

    @Test
    void violationsNameThePosition() {
        assertThatThrownBy(() -> Seen.of(JSON, json("{\"type\":6,\"x\":[1 2]};")))
                .hasMessage("JSON: expected ',' or ']' but found '2' at byte 17");
    }

    @ParameterizedTest
    @CsvSource({"json, 0, false", "messagepack, 1, true"})
    void protocolsAreFoundByName(String name, int index, boolean binary) {
        HubProtocol protocol = HubProtocols.byName(name);
        assertThat(protocol).isNotNull();
        assertThat(protocol.index()).isEqualTo(index);
        assertThat(HubProtocols.ALL.get(index)).isSameAs(protocol);
        assertThat(protocol.binary()).isEqualTo(binary);
        assertThat(HubProtocols.byName("JSON")).isNull();
        assertThat(HubProtocols.byName("blazorpack")).isNull();
    }

    @Test
    void framedMessagesGoOutAsTheyAreOrNotAtAll() {
        byte[] frame = json("{\"type\":1,\"target\":\"t\",\"arguments\":[]};");
        ServerMessage onlyJson = new ServerMessage.Framed(frame, null);

        Frame sent = JSON.encode(onlyJson);
        assertThat(sent).isNotNull();
        assertThat(WireText.payload(sent)).isEqualTo(frame);
        assertThat(HubProtocols.MESSAGE_PACK.encode(onlyJson)).isNull();
        assertThat(onlyJson.size()).isEqualTo(frame.length);
    }
}
