package io.tidewire.signalr.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.app.TestTidewire;
import io.tidewire.transport.RawWebSocket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a client hears on its messages when there is no upstream that takes them (reference D.8, J). */
class ServerlessAnswersTest {
    private static final String MARK = "{\"type\":1,\"invocationId\":\"mark\",\"target\":\"m\",\"arguments\":[]}";
    private static final String MARKED = "{\"type\":3,\"invocationId\":\"mark\","
            + "\"error\":\"Invocation failed, no upstream is configured for 'm'.\"}";

    private static TestTidewire server;

    @BeforeAll
    static void start() {
        server = TestTidewire.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void blockingInvocationIsAnsweredWithAnError() {
        double before = server.metric("tidewire_messages_dropped_total{reason=\"NoUpstream\",service=\"signalr\"}");
        try (HubClient client = HubClient.json(server, "chat")) {
            client.send("{\"arguments\":[1,{\"a\":null}],\"target\":\"Add\",\"invocationId\":\"7\",\"type\":1}");

            assertThat(client.next())
                    .isEqualTo("{\"type\":3,\"invocationId\":\"7\","
                            + "\"error\":\"Invocation failed, no upstream is configured for 'Add'.\"}");
        }
        assertThat(server.metric("tidewire_messages_dropped_total{reason=\"NoUpstream\",service=\"signalr\"}"))
                .isEqualTo(before + 1);
    }

    @Test
    void packedBlockingInvocationIsAnsweredWithAnError() {
        byte[] error = "Invocation failed, no upstream is configured for 'Add'.".getBytes(UTF_8);
        try (HubClient client = HubClient.messagePack(server, "chat")) {
            // The five-element form, without streams.
            client.socket.binary(new byte[] {
                10, (byte) 0x95, 1, (byte) 0x80, (byte) 0xA1, '7', (byte) 0xA3, 'A', 'd', 'd', (byte) 0x90
            });

            RawWebSocket.Frame answer = client.socket.read();
            assertThat(answer.opcode()).isEqualTo(RawWebSocket.BINARY);
            assertThat(answer.payload())
                    .isEqualTo(ByteBuffer.allocate(9 + error.length)
                            .put(new byte[] {(byte) (8 + error.length), (byte) 0x95, 3, (byte) 0x80, (byte) 0xA1, '7', 1
                            })
                            .put(new byte[] {(byte) 0xD9, (byte) error.length})
                            .put(error)
                            .array());
        }
    }

    @Test
    void invocationWithoutIdIsTakenInSilence() {
        try (HubClient client = HubClient.json(server, "chat")) {
            client.send("{\"type\":1,\"target\":\"Add\",\"arguments\":[]}", MARK);
            assertThat(client.next()).isEqualTo(MARKED);
        }
    }

    @Test
    void silentModeAnswersNoInvocation() {
        try (var silent = TestTidewire.with().silentInvocations().start();
                HubClient client = HubClient.json(silent, "chat")) {
            client.send(MARK, "{\"type\":4,\"invocationId\":\"s\",\"target\":\"m\",\"arguments\":[]}");

            assertThat(client.next()).contains("\"invocationId\":\"s\"");
        }
    }

    @Test
    void streamInvocationIsAnsweredWithAnError() {
        try (HubClient client = HubClient.json(server, "chat")) {
            client.send("{\"type\":4,\"invocationId\":\"s\",\"target\":\"Count\",\"arguments\":[]}");

            assertThat(client.next())
                    .isEqualTo("{\"type\":3,\"invocationId\":\"s\","
                            + "\"error\":\"Streaming invocation is not supported in serverless mode.\"}");
        }
    }

    @Test
    void messagesThatAnswerNothingAreIgnored() {
        try (HubClient client = HubClient.json(server, "chat")) {
            client.send(
                    "{\"type\":2,\"invocationId\":\"1\",\"item\":42}",
                    "{\"type\":3,\"invocationId\":\"1\",\"result\":42}",
                    "{\"type\":3,\"invocationId\":\"1\"}",
                    "{\"type\":5,\"invocationId\":\"1\"}",
                    "{\"type\":6}",
                    "{\"type\":8,\"sequenceId\":1}",
                    "{\"type\":9,\"sequenceId\":1}",
                    "{\"type\":42,\"anything\":[]}",
                    MARK);

            assertThat(client.next()).isEqualTo(MARKED);
        }
    }

    @Test
    void packedMessagesThatAnswerNothingAreIgnored() {
        try (HubClient client = HubClient.messagePack(server, "chat")) {
            client.socket.binary(new byte[] {
                6,
                (byte) 0x94,
                2,
                (byte) 0x80,
                (byte) 0xA1,
                '1',
                42, //
                6,
                (byte) 0x94,
                3,
                (byte) 0x80,
                (byte) 0xA1,
                '1',
                2, //
                5,
                (byte) 0x93,
                5,
                (byte) 0x80,
                (byte) 0xA1,
                '1', //
                2,
                (byte) 0x91,
                6, //
                3,
                (byte) 0x92,
                8,
                1, //
                3,
                (byte) 0x92,
                9,
                1, //
                3,
                (byte) 0x92,
                42,
                1, //
                8,
                (byte) 0x95,
                1,
                (byte) 0x80,
                (byte) 0xA1,
                '7',
                (byte) 0xA1,
                'm',
                (byte) 0x90
            });

            assertThat(client.socket.read().text()).contains("no upstream is configured for 'm'");
        }
    }

    @Test
    void closeEndsTheConnectionInOrder() {
        double before = server.closed("Normal");
        try (HubClient client = HubClient.json(server, "bye")) {
            client.send(MARK, "{\"type\":7}", MARK);

            assertThat(client.next()).isEqualTo(MARKED);
            client.expectClose(null, 1000);
        }
        await().until(() -> server.closed("Normal") == before + 1);
        assertThat(server.connections("bye")).isZero();
    }
}
