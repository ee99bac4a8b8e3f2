package io.tidewire.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidewire.hub.Frame;
import io.tidewire.signalr.protocol.ClientMessage;
import io.tidewire.signalr.protocol.HubMessageReader;
import io.tidewire.signalr.protocol.HubProtocol;
import io.tidewire.signalr.protocol.HubProtocols;
import io.tidewire.signalr.protocol.JsonArguments;
import io.tidewire.signalr.protocol.ServerMessage;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.infra.Blackhole;

/** A broadcast as it is encoded for all clients of one protocol, and a call of a client as it is read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class SignalRCodecs {
    private static final int MAX_MESSAGE = 1 << 20;

    private final ServerMessage broadcast =
            new ServerMessage.Invocation("news", JsonArguments.of(("[\"" + "x".repeat(96) + "\",17]").getBytes(UTF_8)));
    private final ByteBuf jsonCall = Unpooled.directBuffer()
            .writeBytes(
                    "{\"type\":1,\"invocationId\":\"7\",\"target\":\"say\",\"arguments\":[\"hello, world\",{\"a\":[1,2,3]}]}\36"
                            .getBytes(UTF_8));
    private final ByteBuf messagePackCall = Unpooled.directBuffer().writeBytes(messagePackCall());
    private final HubMessageReader json = new HubMessageReader(HubProtocols.JSON, MAX_MESSAGE);
    private final HubMessageReader messagePack = new HubMessageReader(HubProtocols.MESSAGE_PACK, MAX_MESSAGE);

    /** Behind its length: [1, {}, "7", "say", ["hello, world", 17], []]. */
    private static byte[] messagePackCall() {
        byte[] text = "hello, world".getBytes(UTF_8);
        ByteBuf body = Unpooled.buffer()
                .writeByte(0x96)
                .writeByte(1)
                .writeByte(0x80)
                .writeByte(0xA1)
                .writeByte('7')
                .writeByte(0xA3)
                .writeBytes("say".getBytes(UTF_8))
                .writeByte(0x92)
                .writeByte(0xA0 | text.length)
                .writeBytes(text)
                .writeByte(17)
                .writeByte(0x90);
        byte[] whole = new byte[1 + body.readableBytes()];
        whole[0] = (byte) body.readableBytes();
        body.readBytes(whole, 1, whole.length - 1);
        return whole;
    }

    @TearDown
    public void release() {
        jsonCall.release();
        messagePackCall.release();
        json.close();
        messagePack.close();
    }

    @Benchmark
    public int encodeJson() {
        return encode(HubProtocols.JSON);
    }

    @Benchmark
    public int encodeMessagePack() {
        return encode(HubProtocols.MESSAGE_PACK);
    }

    private int encode(HubProtocol protocol) {
        Frame frame = Objects.requireNonNull(protocol.encode(broadcast));
        int size = frame.size();
        frame.release();
        return size;
    }

    @Benchmark
    public void readJson(Blackhole hole) {
        json.read(jsonCall.readerIndex(0), (ClientMessage message) -> hole.consume(message));
    }

    @Benchmark
    public void readMessagePack(Blackhole hole) {
        messagePack.read(messagePackCall.readerIndex(0), (ClientMessage message) -> hole.consume(message));
    }
}
