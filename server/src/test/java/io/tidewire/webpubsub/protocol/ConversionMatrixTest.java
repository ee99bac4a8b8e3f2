package io.tidewire.webpubsub.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tidewire.service.protocol.HexText;
import io.tidewire.transport.EncodedFrame;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each type of data, published by a client of either kind, as clients of each dialect get it (reference D.2, D.4, D.9). */
class ConversionMatrixTest {
    private static final int FIN_TEXT = 0x81;
    private static final int FIN_BINARY = 0x82;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # published in JSON             | published in protobuf                     | bytes        | simple | JSON                             | protobuf
            json","data":{"a":[1]}          | json_data: "{\\"a\\":[1]}"                | '{"a":[1]}'  | text   | "dataType":"json","data":{"a":[1]}      | json_data: "{\\"a\\":[1]}"
            json","data":"text"             | json_data: "\\"text\\""                   | '"text"'     | text   | "dataType":"json","data":"text"         | json_data: "\\"text\\""
            text","data":"a\\"\\u00e9"      | text_data: "a\\"\\303\\251"               | 'a"é'        | text   | "dataType":"text","data":"a\\"é"        | text_data: "a\\"\\303\\251"
            binary","data":"AP8="           | binary_data: "\\000\\377"                 | 00 FF        | binary | "dataType":"binary","data":"AP8="       | binary_data: "\\000\\377"
            protobuf","data":"CgFhEgFi"     | protobuf_data { type_url: "a" value: "b" } | 0A 01 'a' 12 01 'b' | binary | "dataType":"protobuf","data":"CgFhEgFi" | protobuf_data { type_url: "a" value: "b" }
            """)
    void dataArrives(String inJson, String inProtobuf, String bytes, String simple, String toJson, String toProtobuf) {
        var fromJson =
                (ClientMessage.SendToGroup) Objects.requireNonNull(ClientProtocols.JSON.read(Unpooled.copiedBuffer(
                        "{\"type\":\"sendToGroup\",\"group\":\"g\",\"dataType\":\"" + inJson + "}", UTF_8)));
        var fromProtobuf =
                (ClientMessage.SendToGroup) Objects.requireNonNull(ClientProtocols.PROTOBUF.read(Unpooled.wrappedBuffer(
                        VendorMessages.upstream("send_to_group_message { group: 'g' data { " + inProtobuf + " } }"))));
        for (Payload data : new Payload[] {fromJson.data(), fromProtobuf.data()}) {
            assertThat(data.bytes()).isEqualTo(HexText.bytes(bytes));
            assertThat(data.type().label()).isEqualTo(fromJson.data().type().label());

            var message = new ServiceMessage.FromGroup("g", null, data, Metadata.NONE, 0, null);
            EncodedFrame frame = Objects.requireNonNull(SimpleDialect.INSTANCE.encode(message));
            int head = frame.bytes().getUnsignedByte(frame.bytes().readerIndex());
            assertThat(head).isEqualTo(simple.equals("text") ? FIN_TEXT : FIN_BINARY);
            assertThat(ByteBufUtil.getBytes(frame.payload())).isEqualTo(data.bytes());
            frame.release();

            String json = "{\"type\":\"message\",\"from\":\"group\",\"group\":\"g\"," + toJson;
            assertThat(text(ClientProtocols.JSON, message)).isEqualTo(json + "}");
            assertThat(text(ClientProtocols.JSON_RELIABLE, message)).isEqualTo(json + ",\"sequenceId\":12}");
            String protobuf = "data_message { from: \"group\" group: \"g\" data { " + toProtobuf + " }";
            assertThat(protobuf(ClientProtocols.PROTOBUF, message)).isEqualTo(protobuf + " }");
            assertThat(protobuf(ClientProtocols.PROTOBUF_RELIABLE, message)).isEqualTo(protobuf + " sequence_id: 12 }");
        }
    }

    private static String text(ClientProtocol protocol, ServiceMessage message) {
        return new String(Written.payload(protocol.encode(message)), UTF_8);
    }

    private static String protobuf(ClientProtocol protocol, ServiceMessage message) {
        return VendorMessages.downstream(Written.payload(protocol.encode(message)));
    }
}
