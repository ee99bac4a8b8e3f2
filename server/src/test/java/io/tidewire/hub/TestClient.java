package io.tidewire.hub;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client that remembers what reached it, with the simplest dialect there is. */
public final class TestClient implements Link {
    /** A message that is its text. */
    public record Text(String text) implements Message {
        @Override
        public int size() {
            return text.length();
        }
    }

    /** Counts its references, so that a leak shows. */
    public static final class TextFrame implements Frame {
        final String text;
        final AtomicInteger references = new AtomicInteger(1);

        TextFrame(String text) {
            this.text = text;
        }

        @Override
        public int size() {
            return text.length();
        }

        @Override
        public void retain() {
            references.incrementAndGet();
        }

        @Override
        public void release() {
            references.decrementAndGet();
        }

        public int references() {
            return references.get();
        }
    }

    /** Writes {@code name:text}, and nothing for messages that start with {@code !name}. */
    public static final class TextDialect implements Dialect {
        private final int index;
        private final String name;
        public final List<TextFrame> encoded = new CopyOnWriteArrayList<>();

        public TextDialect(int index, String name) {
            this.index = index;
            this.name = name;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public @Nullable Frame encode(Message message) {
            String text = ((Text) message).text();
            if (text.startsWith("!" + name)) {
                return null;
            }
            if (text.equals("broken")) {
                throw new IllegalStateException("planted");
            }
            var frame = new TextFrame(name + ":" + text);
            encoded.add(frame);
            return frame;
        }
    }

    public final List<String> received = new CopyOnWriteArrayList<>();
    public final List<CompletableFuture<Answer>> asked = new CopyOnWriteArrayList<>();
    public final List<Disconnect> closes = new CopyOnWriteArrayList<>();

    /** {@code +g} when it joined the group, {@code -g} when it left it. */
    public final List<String> presence = new CopyOnWriteArrayList<>();

    public final Connection connection;
    private final Hub hub;
    private final Executor loop;

    /** What happens inside the link's calls, for tests that leave while they are being visited. */
    public Runnable onDeliver = () -> {};

    public Runnable onPresence = () -> {};

    public boolean leaveOnClose;

    public TestClient(Hub hub, Executor loop, String id, @Nullable String user, Dialect dialect) {
        this.hub = hub;
        this.loop = loop;
        this.connection = new Connection(id, user, dialect, this);
    }

    /** The one that the connection lives on. */
    public Executor loop() {
        return loop;
    }

    @Override
    public void deliver(Frame frame) {
        received.add(((TextFrame) frame).text);
        onDeliver.run();
    }

    @Override
    public int ask(Message question, CompletableFuture<Answer> answer) {
        String text = ((Text) question).text();
        if (text.equals("broken")) {
            throw new IllegalStateException("planted");
        }
        received.add("?" + text);
        asked.add(answer);
        return text.length();
    }

    @Override
    public void joined(String group) {
        presence.add("+" + group);
        onPresence.run();
    }

    @Override
    public void left(String group) {
        presence.add("-" + group);
        onPresence.run();
    }

    @Override
    public void close(Disconnect why) {
        closes.add(why);
        if (leaveOnClose) {
            hub.leave(connection, loop, why);
        }
    }
}
