package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a session may rely on, whichever transport carries its client. Each transport runs this with a client of its own; what
 * is particular to it has tests of its own.
 */
public abstract class TransportContract {
    /** The bound on unsent bytes the transport under test is started with. */
    protected static final int MAX_UNSENT_BYTES = 256 * 1024;

    /** A close that nobody answers may take this long. */
    protected static final int CLOSE_TIMEOUT_MILLIS = 200;

    /** Ends each message of the server, as hub messages end: where several come in one piece, this is how a client tells them apart. */
    protected static final String END = "\36";

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();

    /** The other end. Every wait is bounded. */
    public interface Client extends AutoCloseable {
        /** Sends a message, without waiting for anything. */
        void send(String text);

        /** The next message, with its {@link TransportContract#END}. */
        String receive();

        /** Expects the end, with no message before it, and takes its part in it. */
        void receiveEnd();

        /** Goes without a word. */
        void vanish();

        @Override
        void close();
    }

    /**
     * Starts a server for this session alone and connects a client which has a small receive buffer and reads only in
     * {@link Client#receive}. Both are closed through {@link #closeLater}.
     */
    protected abstract Client connect(Session session);

    protected final void closeLater(AutoCloseable resource) {
        toClose.push(resource);
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!toClose.isEmpty()) {
            toClose.pop().close();
        }
    }

    @Test
    void opensFirstThenMessagesThenClosedLastAndOnce() {
        RecordingSession session = new RecordingSession();
        Client client = connect(session);

        client.send("one");
        client.send("two");
        session.awaitEvents("open", "text one", "text two");
        client.vanish();

        session.awaitEnd();
        session.awaitEvents("open", "text one", "text two", "closed");
    }

    @Test
    void theClientSeesTheOrderOfTheWrites() {
        RecordingSession session = new RecordingSession();
        Client client = connect(session);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            expected.add("m" + i + END);
        }

        session.onLoop(wire -> expected.subList(0, 100).forEach(text -> RecordingSession.write(wire, text)));
        expected.subList(100, 300).forEach(session::write);

        List<String> received = new ArrayList<>();
        while (received.size() < expected.size()) {
            received.add(client.receive());
        }
        assertThat(received).isEqualTo(expected);
    }

    @Test
    void theSessionSeesTheOrderOfTheClient() {
        RecordingSession session = new RecordingSession();
        Client client = connect(session);
        List<String> expected = new ArrayList<>(List.of("open"));
        for (int i = 0; i < 300; i++) {
            client.send("m" + i);
            expected.add("text m" + i);
        }

        session.awaitEvents(expected.toArray(String[]::new));
    }

    @Test
    void whatIsWrittenOnOpeningComesFirst() {
        RecordingSession session = new RecordingSession() {
            @Override
            protected void opened(Wire wire) {
                write(wire, "welcome" + END);
            }
        };
        Client client = connect(session);

        session.write("later" + END);

        assertThat(client.receive()).isEqualTo("welcome" + END);
        assertThat(client.receive()).isEqualTo("later" + END);
    }

    @Test
    void anAnswerMayBeWrittenFromWithinAMessage() {
        RecordingSession session = new RecordingSession() {
            @Override
            protected void received(ByteBuf payload, boolean binary) {
                write(wire(), "answer" + END);
            }
        };
        Client client = connect(session);

        client.send("question");

        assertThat(client.receive()).isEqualTo("answer" + END);
    }

    @Test
    void aPausedClientIsHeldBackAndNothingIsLost() {
        RecordingSession session = new RecordingSession();
        Client client = connect(session);
        client.send("one");
        session.awaitEvents("open", "text one");

        session.onLoop(Wire::pauseReading);
        session.write("paused" + END); // behind the pause, which may have a way to go to the socket
        assertThat(client.receive()).isEqualTo("paused" + END);
        client.send("two");
        client.send("three");
        // What the server sends is not held up; by now the other direction has had its chance.
        session.write("still here" + END);
        assertThat(client.receive()).isEqualTo("still here" + END);
        assertThat(session.events()).containsExactly("open", "text one");

        session.onLoop(Wire::resumeReading);
        session.awaitEvents("open", "text one", "text two", "text three");
    }

    @Test
    void aClosedWireTakesNoMoreFromAPausedClient() {
        RecordingSession session = new RecordingSession();
        Client client = connect(session);
        session.onLoop(Wire::pauseReading);
        client.send("too late");
        session.onLoop(wire -> wire.close(WireClose.NORMAL));
        client.receiveEnd();
        session.awaitEnd();
        session.awaitEvents("open", "closed");
    }

    @Test
    void closingSendsWhatIsQueuedAndTheFirstReasonStays() {
        RecordingSession session = new RecordingSession();
        Client client = connect(session);

        session.onLoop(wire -> {
            RecordingSession.write(wire, "last words" + END);
            wire.close(WireClose.GOING_AWAY);
            wire.close(WireClose.POLICY);
        });

        assertThat(client.receive()).isEqualTo("last words" + END);
        client.receiveEnd();
        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Local(WireClose.GOING_AWAY));
        session.awaitEvents("open", "closed");
    }

    @Test
    void aWriteAfterCloseIsHarmless() {
        RecordingSession session = new RecordingSession();
        Client client = connect(session);
        EncodedFrame frame = RecordingSession.text("too late");

        session.onLoop(wire -> {
            wire.close(WireClose.NORMAL);
            wire.write(frame);
        });
        client.receiveEnd();
        session.awaitEnd();
        session.onLoop(wire -> {
            wire.write(frame);
            wire.close(WireClose.POLICY);
        });

        assertThat(frame.references()).isEqualTo(1);
        frame.release();
        session.awaitEvents("open", "closed");
    }

    @Test
    void aClientThatIgnoresTheCloseIsEndedAnyway() {
        RecordingSession session = new RecordingSession();
        connect(session);

        session.onLoop(wire -> wire.close(WireClose.NORMAL));

        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Local(WireClose.NORMAL));
        session.awaitEvents("open", "closed");
    }

    @Test
    void messagesThatComeAfterCloseAreNotDelivered() {
        RecordingSession session = new RecordingSession() {
            @Override
            protected void received(ByteBuf payload, boolean binary) {
                wire().close(WireClose.NORMAL);
            }
        };
        Client client = connect(session);

        client.send("one");
        client.send("two");

        session.awaitEnd();
        session.awaitEvents("open", "text one", "closed");
    }

    @Test
    void aSessionThatFailsIsClosed() {
        RecordingSession session = new RecordingSession() {
            @Override
            protected void received(ByteBuf payload, boolean binary) {
                throw new IllegalStateException("a planted failure");
            }
        };
        Client client = connect(session);

        client.send("one");

        assertThat(session.awaitEnd()).isEqualTo(new WireEnd.Local(WireClose.INTERNAL_ERROR));
        session.awaitEvents("open", "text one", "closed");
    }

    @Test
    void aClientThatDoesNotReadOverflowsOnce() {
        RecordingSession session = new RecordingSession();
        Client client = connect(session);
        EncodedFrame frame = RecordingSession.text("x".repeat(1000));

        for (int i = 0; i < 20; i++) {
            session.onLoop(wire -> Collections.nCopies(200, frame).forEach(wire::write));
        }

        session.awaitEnd();
        session.awaitEvents("open", "overflow", "closed");
        await().untilAsserted(() -> assertThat(frame.references()).isEqualTo(1));
        frame.release();
        client.vanish();
    }
}
