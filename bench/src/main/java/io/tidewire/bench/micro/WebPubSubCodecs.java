package io.tidewire.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidewire.hub.Frame;
import io.tidewire.transport.EncodedFrame;
import io.tidewire.webpubsub.protocol.ClientMessage;
import io.tidewire.webpubsub.protocol.ClientProtocol;
import io.tidewire.webpubsub.protocol.ClientProtocols;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.protocol.SequencedFrame;
import io.tidewire.webpubsub.protocol.ServiceMessage;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A message as it is encoded for all clients of one subprotocol, its number for one of them, and what a client says as it is read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class WebPubSubCodecs {
    private final ServiceMessage broadcast = new ServiceMessage.FromServer(
            new Payload(DataType.JSON, ("{\"text\":\"" + "x".repeat(96) + "\"}").getBytes(UTF_8)), Metadata.NONE, 0);
    private final SequencedFrame unnumbered =
            (SequencedFrame) Objects.requireNonNull(ClientProtocols.JSON_RELIABLE.encode(broadcast));
    private final ByteBuf jsonSend = Unpooled.directBuffer()
            .writeBytes(
                    "{\"type\":\"sendToGroup\",\"group\":\"room\",\"ackId\":17,\"dataType\":\"json\",\"data\":{\"text\":\"hello, world\"}}"
                            .getBytes(UTF_8));
    private final ByteBuf protobufSend = Unpooled.directBuffer().writeBytes(protobufSend());

    private long number;

    /** An UpstreamMessage: send_to_group_message (1) of group (1), ack_id (2) and data (3) with text_data (1). */
    private static byte[] protobufSend() {
        byte[] text = "hello, world".getBytes(UTF_8);
        ByteBuf send = Unpooled.buffer()
                .writeByte(0x0A)
                .writeByte(4)
                .writeBytes("room".getBytes(UTF_8))
                .writeByte(0x10)
                .writeByte(17)
                .writeByte(0x1A)
                .writeByte(2 + text.length)
                .writeByte(0x0A)
                .writeByte(text.length)
                .writeBytes(text);
        byte[] whole = new byte[2 + send.readableBytes()];
        whole[0] = 0x0A;
        whole[1] = (byte) send.readableBytes();
        send.readBytes(whole, 2, whole.length - 2);
        return whole;
    }

    @TearDown
    public void release() {
        unnumbered.release();
        jsonSend.release();
        protobufSend.release();
    }

    @Benchmark
    public int encodeJson() {
        return encode(ClientProtocols.JSON);
    }

    @Benchmark
    public int encodeProtobuf() {
        return encode(ClientProtocols.PROTOBUF);
    }

    private int encode(ClientProtocol protocol) {
        Frame frame = Objects.requireNonNull(protocol.encode(broadcast));
        int size = frame.size();
        frame.release();
        return size;
    }

    /** What is done for each reliable receiver. */
    @Benchmark
    public int number() {
        EncodedFrame frame = unnumbered.numbered(++number);
        int size = frame.size();
        frame.release();
        return size;
    }

    @Benchmark
    public @Nullable ClientMessage readJson() {
        return ClientProtocols.JSON.read(jsonSend);
    }

    @Benchmark
    public @Nullable ClientMessage readProtobuf() {
        return ClientProtocols.PROTOBUF.read(protobufSend);
    }
}
