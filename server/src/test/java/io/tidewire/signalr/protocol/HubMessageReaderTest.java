package io.tidewire.signalr.protocol;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.tidewire.service.protocol.ProtocolViolation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where hub messages begin and end, whatever the WebSocket messages look like. */
class HubMessageReaderTest {
    private static final int MAX = 1_000;

    /** Three messages in each encoding. */
    enum Stream {
        JSON,
        MESSAGE_PACK;

        HubProtocol protocol() {
            return this == JSON ? HubProtocols.JSON : HubProtocols.MESSAGE_PACK;
        }

        byte[] input() {
            return switch (this) {
                case JSON -> json("{\"type\":6};{\"type\":1,\"target\":\"t\",\"arguments\":[\"é\"]};{\"type\":7};");
                case MESSAGE_PACK -> bytes("""
                        02 91 06
                        09 95 01 80 C0 A1 't' 91 A1 'x'
                        03 92 07 C0
                        """);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyCutInTwoGivesTheSameMessages(Stream stream) {
        List<String> whole = Seen.of(stream.protocol(), stream.input());
        assertThat(whole).hasSize(3);
        for (int cut = 0; cut <= stream.input().length; cut++) {
            Seen seen = new Seen(stream.protocol());
            try (HubMessageReader reader = new HubMessageReader(stream.protocol(), MAX)) {
                reader.read(Unpooled.wrappedBuffer(stream.input(), 0, cut), seen);
                reader.read(Unpooled.wrappedBuffer(stream.input(), cut, stream.input().length - cut), seen);
                assertThat(reader.carriedBytes()).isZero();
            }
            assertThat(seen.lines).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneByteAtATime(Stream stream) {
        Seen seen = new Seen(stream.protocol());
        try (HubMessageReader reader = new HubMessageReader(stream.protocol(), MAX)) {
            for (byte b : stream.input()) {
                reader.read(Unpooled.wrappedBuffer(new byte[] {b}), seen);
            }
        }
        assertThat(seen.lines).isEqualTo(Seen.of(stream.protocol(), stream.input()));
    }

    @ParameterizedTest
    @EnumSource
    void directAndHeapMemoryReadAlike(Stream stream) {
        ByteBuf direct =
                ByteBufAllocator.DEFAULT.directBuffer().writeBytes(new byte[7]).skipBytes(7);
        ByteBuf heap =
                ByteBufAllocator.DEFAULT.heapBuffer().writeBytes(new byte[3]).skipBytes(3);
        for (ByteBuf buffer : List.of(direct, heap)) {
            buffer.writeBytes(stream.input());
            Seen seen = new Seen(stream.protocol());
            try (HubMessageReader reader = new HubMessageReader(stream.protocol(), MAX)) {
                reader.read(buffer, seen);
            }
            assertThat(seen.lines).isEqualTo(Seen.of(stream.protocol(), stream.input()));
            assertThat(buffer.isReadable()).isFalse();
            assertThat(buffer.refCnt()).isOne();
            buffer.release();
        }
    }

    @Test
    void rawIsTheMessageWithoutItsFraming() {
        Seen json = new Seen(HubProtocols.JSON);
        new HubMessageReader(HubProtocols.JSON, MAX).read(Unpooled.wrappedBuffer(Stream.JSON.input()), json);
        assertThat(json.raws)
                .containsExactly("{\"type\":6}", "{\"type\":1,\"target\":\"t\",\"arguments\":[\"é\"]}", "{\"type\":7}");

        Seen pack = new Seen(HubProtocols.MESSAGE_PACK);
        new HubMessageReader(HubProtocols.MESSAGE_PACK, MAX)
                .read(Unpooled.wrappedBuffer(Stream.MESSAGE_PACK.input()), pack);
        assertThat(pack.raws).containsExactly("9106", "950180c0a17491a178", "9207c0");
    }

    @Test
    void aMessageOfExactlyTheLimitPassesAndOneMoreDoesNot() {
        byte[] atLimit = Arrays.copyOf(json("{\"type\":6}"), MAX + 1);
        Arrays.fill(atLimit, 10, MAX, (byte) ' ');
        atLimit[MAX] = HubMessageReader.RECORD_SEPARATOR;
        assertThat(Seen.of(HubProtocols.JSON, atLimit)).containsExactly("ping");

        for (int cut : new int[] {MAX + 1, 500, 1}) {
            HubMessageReader reader = new HubMessageReader(HubProtocols.JSON, MAX - 1);
            assertThatThrownBy(() -> {
                        reader.read(Unpooled.wrappedBuffer(atLimit, 0, cut), new Seen(HubProtocols.JSON));
                        reader.read(Unpooled.wrappedBuffer(atLimit, cut, MAX + 1 - cut), new Seen(HubProtocols.JSON));
                    })
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessage("A message is longer than 999 bytes (setting websocket.maxMessageBytes)");
            assertThat(reader.carriedBytes()).isZero();
        }
    }

    @Test
    void anAnnouncedLengthAboveTheLimitIsRefusedAtOnce() {
        HubMessageReader reader = new HubMessageReader(HubProtocols.MESSAGE_PACK, MAX);
        assertThatThrownBy(
                        () -> reader.read(Unpooled.wrappedBuffer(bytes("E9 07")), new Seen(HubProtocols.MESSAGE_PACK)))
                .hasMessage("A message is longer than 1000 bytes (setting websocket.maxMessageBytes)");
    }

    @Test
    void messagesBeforeAViolationAreReportedAndNothingAfterIt() {
        Seen seen = new Seen(HubProtocols.JSON);
        HubMessageReader reader = new HubMessageReader(HubProtocols.JSON, MAX);
        ByteBuf input = Unpooled.wrappedBuffer(json("{\"type\":6};oops;{\"type\":7};"));

        assertThatThrownBy(() -> reader.read(input, seen)).isInstanceOf(ProtocolViolation.class);
        reader.read(Unpooled.wrappedBuffer(json("{\"type\":7};")), seen);

        assertThat(seen.lines).containsExactly("ping");
    }

    @Test
    void aSinkMayCloseTheReader() {
        Seen seen = new Seen(HubProtocols.JSON);
        HubMessageReader reader = new HubMessageReader(HubProtocols.JSON, MAX);
        reader.read(Unpooled.wrappedBuffer(json("{\"ty")), seen);
        reader.read(Unpooled.wrappedBuffer(json("pe\":7};{\"type\":6};{\"t")), message -> {
            seen.onMessage(message);
            reader.close();
        });
        assertThat(seen.lines).containsExactly("close error=null reconnect=false");
        assertThat(reader.carriedBytes()).isZero();
    }

    @Test
    void aSinkThatFailsLeavesNoMemoryBehind() {
        HubMessageReader reader = new HubMessageReader(HubProtocols.JSON, MAX);
        ByteBuf[] raw = new ByteBuf[1];
        reader.read(Unpooled.wrappedBuffer(json("{\"type\"")), message -> {});
        assertThatThrownBy(() -> reader.read(Unpooled.wrappedBuffer(json(":6};")), message -> {
                    raw[0] = message.raw();
                    throw new IllegalStateException("sink");
                }))
                .hasMessage("sink");
        assertThat(raw[0].refCnt()).isZero();
        assertThat(reader.carriedBytes()).isZero();
    }
}
