package io.tidewire.webpubsub.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewire.transport.RawWebSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows B1 to B4 on this listener: what no client may send, whatever it speaks. */
class LimitsOfFramesTest {
    private static ClientServer server;

    @BeforeAll
    static void start() {
        server = ClientServer.with().webSocket(1000, 1 << 20, 100).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RawWebSocket open() {
        return RawWebSocket.connect(server.port(), server.target("chat"));
    }

    @Test
    void b1AMessageOverTheLimitIsTooBigWholeOrInPieces() {
        byte[] half = "x".repeat(501).getBytes(UTF_8);
        try (var whole = open();
                var pieces = open()) {
            assertThat(whole.text("x".repeat(1001)).readClose().closeCode()).isEqualTo(1009);
            pieces.frame(RawWebSocket.TEXT, half);
            assertThat(pieces.frame(RawWebSocket.FIN | RawWebSocket.CONTINUATION, half)
                            .readClose()
                            .closeCode())
                    .isEqualTo(1009);
        }
        await().untilAsserted(() -> assertThat(server.closed).contains("BadRequest"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x83, 0xC1, 0x09, 0x8B})
    void b2FramesThatAreNoneAreAProtocolError(int first) {
        try (var socket = open()) {
            assertThat(socket.frame(first).readClose().closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void b2FramesWithoutAMaskAreAProtocolError() {
        try (var socket = open()) {
            assertThat(socket.raw(RawWebSocket.encode(RawWebSocket.FIN | RawWebSocket.TEXT, false, (byte) 'x'))
                            .readClose()
                            .closeCode())
                    .isEqualTo(1002);
        }
    }

    @Test
    void b3WhatIsNoUtf8IsNoText() {
        try (var socket = open()) {
            assertThat(socket.frame(RawWebSocket.FIN | RawWebSocket.TEXT, (byte) 0xC3, (byte) 0x28)
                            .readClose()
                            .closeCode())
                    .isEqualTo(1007);
        }
    }

    /** Without an extension there is nothing that could be inflated. */
    @Test
    void b4NothingCompressedIsAccepted() {
        try (var socket = RawWebSocket.open(server.port())) {
            RawWebSocket.Reply reply = socket.request(
                    "GET " + server.target("chat") + " HTTP/1.1",
                    RawWebSocket.goodHeaders("Sec-WebSocket-Extensions: permessage-deflate"));
            assertThat(reply.status()).isEqualTo(101);
            assertThat(reply.header("Sec-WebSocket-Extensions")).isEmpty();
            assertThat(socket.frame(RawWebSocket.FIN | 0x40 | RawWebSocket.TEXT, (byte) 1)
                            .readClose()
                            .closeCode())
                    .isEqualTo(1002);
        }
    }
}
