package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A session that writes down what it is told, as one line each, and can be given something to do. */
public class RecordingSession implements Session {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Wire> open = new CompletableFuture<>();
    private volatile @Nullable WireEnd end;
    private boolean inside;

    @Override
    public final void onOpen(Wire wire) {
        open.complete(wire);
        note("open");
        inside = true;
        try {
            opened(wire);
        } finally {
            inside = false;
        }
    }

    @Override
    public final void onMessage(ByteBuf payload, boolean binary) {
        String content = payload.readableBytes() > 1000
                ? payload.readableBytes() + " bytes"
                : payload.toString(StandardCharsets.UTF_8);
        note((binary ? "binary " : "text ") + content);
        inside = true;
        try {
            received(payload, binary);
        } finally {
            inside = false;
        }
    }

    @Override
    public final void onOverflow() {
        note("overflow");
        inside = true;
        overflowed(open.join());
        inside = false;
    }

    @Override
    public final void onClosed(WireEnd how) {
        note("closed");
        end = how;
    }

    /** For subclasses; on the loop, as all of these. */
    protected void opened(Wire wire) {}

    protected void received(ByteBuf payload, boolean binary) {}

    protected void overflowed(Wire wire) {
        wire.close(WireClose.POLICY);
    }

    /** Everything so far, in order. */
    public List<String> events() {
        return List.copyOf(events);
    }

    /** Waits until the events are exactly these. */
    public void awaitEvents(String... expected) {
        soon().untilAsserted(() -> assertThat(events).containsExactly(expected));
    }

    /** Waits for the end. */
    public WireEnd awaitEnd() {
        return soon().until(() -> end, e -> e != null);
    }

    /** The wire, once open. */
    public Wire wire() {
        return open.orTimeout(5, TimeUnit.SECONDS).join();
    }

    /** Does it on the loop, in one task, and waits until that is done. */
    public void onLoop(Consumer<Wire> work) {
        Wire wire = wire();
        CompletableFuture.runAsync(() -> work.accept(wire), wire.loop())
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    /** Writes a text from the loop. */
    public void write(String text) {
        onLoop(wire -> write(wire, text));
    }

    /** On the loop: writes a text in a frame of its own. */
    public static void write(Wire wire, String text) {
        EncodedFrame frame = text(text);
        wire.write(frame);
        frame.release();
    }

    /** A frame of our own, with one reference. */
    public static EncodedFrame text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return EncodedFrame.seal(
                EncodedFrame.payloadBuffer(ByteBufAllocator.DEFAULT, bytes.length)
                        .writeBytes(bytes),
                false);
    }

    private static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }

    private void note(String event) {
        Wire wire = open.getNow(null);
        if (wire != null && !wire.loop().inEventLoop()) {
            events.add("off the loop!");
        }
        if (inside) {
            events.add("re-entered!");
        }
        events.add(event);
    }
}
