package io.tidewire.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a message looks like as an event (reference D.2), and that it is encoded once. */
class EventStreamFormTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "one;data: one|",
                "a$b;data: a|data: b|",
                "a^b;data: a|data: b|",
                "a^$b;data: a|data: b|",
                "a$^b;data: a|data: |data: b|",
                "$a;data: |data: a|",
                "a$;data: a|data: |",
                "a^;data: a|data: |",
                "'';data: |",
                "data: a;data: data: a|",
                "grüße;data: grüße|",
            },
            delimiter = ';')
    void everyLineOfAMessageIsALineOfData(String message, String event) {
        ByteBuf payload = Unpooled.copiedBuffer(message.replace('$', '\n').replace('^', '\r'), StandardCharsets.UTF_8);
        ByteBuf encoded = EventStream.event(payload, UnpooledByteBufAllocator.DEFAULT);

        assertThat(encoded.toString(StandardCharsets.UTF_8)).isEqualTo(event.replace("|", "\r\n") + "\r\n");
        assertThat(payload.readerIndex()).as("borrowed").isZero();
        payload.release();
        encoded.release();
    }

    @Test
    void isEncodedOnceForAllLoopsAndGivenBackWithTheFrame() throws Exception {
        for (int round = 0; round < 200; round++) {
            EncodedFrame frame = RecordingSession.text("message");
            var start = new CyclicBarrier(2);
            List<CompletableFuture<ByteBuf>> asked = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                asked.add(CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                start.await(5, TimeUnit.SECONDS);
                            } catch (Exception broken) {
                                throw new IllegalStateException(broken);
                            }
                            return frame.event();
                        },
                        task -> Thread.ofPlatform().start(task)));
            }
            ByteBuf event = asked.get(0).get(5, TimeUnit.SECONDS);
            assertThat(asked.get(1).get(5, TimeUnit.SECONDS)).isSameAs(event);
            assertThat(event.refCnt()).isEqualTo(1);

            frame.retain();
            frame.release();
            assertThat(event.refCnt()).isEqualTo(1);
            ByteBuf onTheWire = event.retainedDuplicate();
            frame.release();
            assertThat(event.refCnt()).as("somebody is still sending it").isEqualTo(1);
            onTheWire.release();
            assertThat(event.refCnt()).isZero();
            assertThat(frame.bytes().refCnt()).isZero();
        }
    }
}
