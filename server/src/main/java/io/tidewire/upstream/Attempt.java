package io.tidewire.upstream;

import io.tidewire.upstream.Ending.Failure;
import io.tidewire.upstream.WebhookOutcome.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call: waits for its turn, asks for the host's addresses, dials those that the policy allows, one after the other
 * until one connects. Ends once.
 */
final class Attempt implements Lane.Try {
    /** What a waiting call takes besides its bytes. */
    private static final int OVERHEAD_BYTES = 1024;
    /** Whole and in parts, here and for people. */
    private static final int URL_COPIES = 4;
    /** A kept connection may turn out to be closed; so may the next one. */
    private static final int MAX_STALE = 3;

    private static final long NOT_BEGUN = -1;

    private final Workshop shop;
    private final Lane lane;
    private final Target target;
    private final WebhookRequest request;
    private final Consumer<Ending> then;

    // Guarded by this.
    private boolean ended;
    private long began = NOT_BEGUN;
    private int stale;
    private @Nullable Exchange exchange;
    private @Nullable Future<?> timer;

    Attempt(Workshop shop, Lane lane, Target target, WebhookRequest request, Consumer<Ending> then) {
        this.shop = shop;
        this.lane = lane;
        this.target = target;
        this.request = request;
        this.then = then;
    }

    /** False when the lane has been forgotten; then this has not begun. */
    boolean enter() {
        // Later is early enough for the timer: in the worst case it runs for one more moment.
        if (!lane.enter(this)) {
            return false;
        }
        synchronized (this) {
            if (!ended) {
                timer = shop.timer()
                        .schedule(
                                () -> shop.workers().execute(this::expire),
                                timeout().toNanos(),
                                TimeUnit.NANOSECONDS);
            }
        }
        return true;
    }

    @Override
    public int bytes() {
        int bytes = OVERHEAD_BYTES
                + request.body().length
                + URL_COPIES * request.url().toString().length();
        for (Map.Entry<String, String> header : request.headers()) {
            bytes += header.getKey().length() + header.getValue().length();
        }
        return bytes;
    }

    @Override
    public void begin(long turn) {
        synchronized (this) {
            if (!ended) {
                began = turn;
                shop.workers().execute(this::lookUp);
                return;
            }
        }
        lane.leave(turn, Circuit.Verdict.UNKNOWN);
    }

    @Override
    public void refuse(Reason reason, String detail) {
        end(new Failure(reason, detail));
    }

    void stop() {
        lane.giveUp(this);
        end(new Failure(Reason.STOPPED, Lane.STOPPED));
    }

    private Duration timeout() {
        Duration most = shop.settings().timeout();
        Duration own = request.timeout();
        return own != null && own.compareTo(most) < 0 ? own : most;
    }

    private void expire() {
        WebhookSettings settings = shop.settings();
        String time = Words.of(timeout()) + (timeout().equals(settings.timeout()) ? " (upstream.timeout)" : "");
        end(
                lane.giveUp(this)
                        ? new Failure(
                                Reason.OVERLOADED,
                                "waited %s for one of %d calls to end (upstream.maxConnections)"
                                        .formatted(time, settings.maxConnections()))
                        : new Failure(Reason.TIMED_OUT, "no answer within " + time));
    }

    private void lookUp() {
        if (target.literal() != null) {
            check(List.of(target.literal()));
            return;
        }
        var _ = shop.names().addresses(target.host()).whenComplete((addresses, failure) -> {
            if (addresses != null && !addresses.isEmpty()) {
                check(addresses);
            } else if (failure instanceof UnknownHostException || failure == null) {
                end(new Failure(Reason.UNKNOWN_HOST, "no address is known for " + target.host()));
            } else {
                end(new Failure(Reason.OVERLOADED, "too many host names wait for their address"));
            }
        });
    }

    private void check(List<InetAddress> addresses) {
        List<InetAddress> allowed = shop.policy().allowed(target.host(), addresses);
        if (allowed.isEmpty()) {
            end(new Failure(Reason.ADDRESS_DENIED, shop.policy().refusal(addresses)));
        } else {
            dial(lane.bestFirst(allowed), 0);
        }
    }

    private void dial(List<InetAddress> addresses, int index) {
        InetAddress address = addresses.get(index);
        var dialled = new Exchange() {
            @Override
            void answered(Ending.Reply reply) {
                lane.answeredBy(address);
                end(reply);
            }

            @Override
            void ended(Exception failure) {
                if (mayDialAgain(this, failure)) {
                    dial(addresses, index);
                } else if (!sent()
                        && failure instanceof IOException
                        && !(failure instanceof SSLException)
                        && index + 1 < addresses.size()) {
                    dial(addresses, index + 1);
                } else {
                    end(Failures.of(failure, sent(), address, shop.settings()));
                }
            }
        };
        synchronized (this) {
            if (ended) {
                return;
            }
            exchange = dialled;
        }
        try {
            shop.dialer().send(target, address, request, dialled);
        } catch (RuntimeException refused) {
            dialled.failed(refused);
        }
    }

    /**
     * A kept connection that the application closed meanwhile is no failure of the call. When the request was not sent on it,
     * it goes out on another one. When it was, nobody knows whether it was read, and it is sent again only if that does no harm.
     */
    private synchronized boolean mayDialAgain(Exchange last, Exception failure) {
        boolean safe = failure instanceof RequestNotExecutedException
                || (request.repeatable() && last.reused() && failure instanceof IOException && !last.answering());
        return safe && !ended && ++stale <= MAX_STALE;
    }

    private void end(Ending ending) {
        long turn;
        Exchange last;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            turn = began;
            last = exchange;
            if (timer != null) {
                timer.cancel(false);
            }
        }
        if (last != null) {
            last.cancel();
        }
        if (turn != NOT_BEGUN) {
            lane.leave(turn, ending.verdict());
        }
        then.accept(ending);
    }
}
