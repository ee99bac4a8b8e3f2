package io.tidewire.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewire.http.Problem;
import io.tidewire.hub.Observer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QuotasTest {
    private Instant now = Instant.parse("2026-03-01T23:59:59Z");

    private Quotas quotas(LimitSettings limits) {
        return new Quotas("signalr.limits", limits, () -> now, Observer.NONE);
    }

    @Test
    void theMessagesOfANewDayAreNew() {
        Quotas quotas = quotas(new LimitSettings(0, 0, 0, 10));
        quotas.sent(10, 10);
        assertThatThrownBy(quotas::checkMessages).isInstanceOf(Problem.class);
        now = now.plusSeconds(1);
        quotas.checkMessages();
        quotas.sent(5, 5 * 2049);
        assertThat(quotas.areMessagesUsedUp()).isTrue();
    }

    @Test
    void piecesAreCountedForEachReceiver() {
        Quotas quotas = quotas(new LimitSettings(0, 0, 0, 7));
        quotas.counting(Observer.NONE).delivered("chat", 3, 3 * 2048);
        quotas.sent(1, 1);
        assertThat(quotas.areMessagesUsedUp()).isFalse();
        quotas.sent(1, 4097);
        assertThat(quotas.areMessagesUsedUp()).isTrue();
    }

    @Test
    void ofManyWhoComeAtOnceOnlySoManyEnter() throws InterruptedException {
        Quotas quotas = quotas(new LimitSettings(10, 0, 0, 0));
        var entered = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                if (quotas.enter(false)) {
                    entered.incrementAndGet();
                }
            }));
        }
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
        }
        assertThat(entered.get()).isEqualTo(10);
        assertThatThrownBy(() -> quotas.checkConnect(false)).isInstanceOf(Problem.class);
        quotas.leave(false);
        quotas.checkConnect(false);
    }

    @Test
    void anObserverIsLeftAloneWhereNothingIsCounted() {
        assertThat(quotas(LimitSettings.DEFAULT).counting(Observer.NONE)).isSameAs(Observer.NONE);
    }
}
