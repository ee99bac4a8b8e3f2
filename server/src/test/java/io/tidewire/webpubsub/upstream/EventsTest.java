package io.tidewire.webpubsub.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidewire.hub.Disconnect;
import io.tidewire.webpubsub.client.EventOutcome;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import io.tidewire.webpubsub.upstream.Application.Answer;
import io.tidewire.webpubsub.upstream.Application.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What handlers hear of a client that is in, and what their answers are for it (reference F.5, F.6). */
class EventsTest {
    private static final String[] LIFE = {"connect", "connected", "disconnected"};

    private static EventOutcome answered(Answer answer) {
        try (var app = Application.that(_ -> answer);
                var stage = Backstage.of(Backstage.handler(app.url("/"), "*"))) {
            return stage.open().ask("say", "hi");
        }
    }

    private static String text(EventOutcome outcome) {
        assertThat(outcome).isInstanceOf(EventOutcome.Handled.class);
        Payload data = ((EventOutcome.Handled) outcome).data();
        return data == null ? "nothing" : data.type() + " " + new String(data.bytes(), UTF_8);
    }

    @Test
    void aLifeFromConnectToDisconnected() {
        try (var app = Application.content();
                var stage = Backstage.of(Backstage.handler(app.url("/{event}"), "say", LIFE))) {
            var client = stage.open();
            Request connected = app.next("connected");
            assertThat(connected.text()).isEqualTo("{}");
            assertThat(connected.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
            assertThat(connected.header("ce-type")).isEqualTo("azure.webpubsub.sys.connected");
            assertThat(connected.header("ce-subprotocol")).isEqualTo("json.webpubsub.azure.v1");
            assertThat(connected.header("ce-userId")).isEqualTo("ada");

            assertThat(client.ask("Say", "hi")).isEqualTo(new EventOutcome.Handled(null, Metadata.NONE));
            Request say = app.next("Say");
            assertThat(say.uri()).isEqualTo("/Say");
            assertThat(say.text()).isEqualTo("hi");
            assertThat(say.header("ce-type")).isEqualTo("azure.webpubsub.user.Say");

            client.end(new Disconnect(Disconnect.Category.NORMAL, null, false));
            Request disconnected = app.next("disconnected");
            assertThat(disconnected.text()).isEqualTo("{\"reason\":null}");
            assertThat(List.of(connected, say, disconnected).stream().map(request -> request.header("ce-id")))
                    .containsExactly("0", "1", "2");
            Backstage.await(stage.handlers.drain().toCompletableFuture());
            assertThat(app.more()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void eachKindOfDataHasItsContentType(DataType type) {
        try (var app = Application.content();
                var stage = Backstage.of(Backstage.handler(app.url("/"), "*"))) {
            Backstage.await(stage.open(null, null)
                    .say("x", new Payload(type, new byte[] {0, (byte) 0xFF}), Metadata.of(Map.of("Trace", "a b"))));
            Request request = app.next("x");
            assertThat(request.header("Content-Type")).isEqualTo(type.mediaType());
            assertThat(request.body()).containsExactly(0, 0xFF);
            assertThat(request.header("x-webpubsub-metadata-trace")).isEqualTo("a b");
            assertThat(request.header("ce-userId")).isNull();
            assertThat(request.header("ce-subprotocol")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, TEXT",
        "Text/Plain;charset=UTF-8, TEXT",
        "application/json; charset=utf-8, JSON",
        "application/octet-stream, BINARY"
    })
    void anAnswerIsAMessage(String contentType, DataType type) {
        assertThat(text(answered(Answer.of(200, contentType, "\"é\"")))).isEqualTo(type + " \"é\"");
    }

    @Test
    void anAnswerWithoutContentTypeIsBinary() {
        assertThat(text(answered(Answer.of(200).body("x")))).isEqualTo("BINARY x");
    }

    @Test
    void textOfAnotherCharsetIsConverted() {
        var answer = new Answer(
                200,
                new byte[] {(byte) 0xE9},
                List.of(Map.entry("Content-Type", "text/plain; charset=\"ISO-8859-1\"")));
        assertThat(text(answered(answer))).isEqualTo("TEXT é");
    }

    @Test
    void anAnswerBringsMetadata() {
        Answer answer = Answer.of(200).with("X-WebPubSub-Metadata-Trace", "one, two");
        assertThat(answered(answer))
                .isEqualTo(new EventOutcome.Handled(Payload.EMPTY_TEXT, Metadata.of(Map.of("trace", "two"))));
        assertThat(((EventOutcome.Handled) answered(answer.body("x").with("Content-Type", "text/plain")))
                        .metadata()
                        .entries())
                .isEqualTo(Map.of("trace", "two"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/html", "application/json", "application/x-protobuf", "text/plain;charset=nope", "a/b/c"})
    void whatCannotBePassedOnIsAFailure(String contentType) {
        assertThat(answered(Answer.of(200, contentType, "<"))).isEqualTo(new EventOutcome.Failed());
    }

    @Test
    void invalidTextIsAFailure() {
        var answer = new Answer(200, new byte[] {(byte) 0xE9}, List.of(Map.entry("Content-Type", "text/plain")));
        assertThat(answered(answer)).isEqualTo(new EventOutcome.Failed());
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 404, 429, 500})
    void everyOtherStatusIsAFailure(int status) {
        assertThat(answered(Answer.of(status))).isEqualTo(new EventOutcome.Failed());
    }

    @Test
    void anEventThatNobodyTakesHasNoHandler() {
        try (var app = Application.content();
                var stage = Backstage.of(Backstage.handler(app.url("/"), "a,b"))) {
            var client = stage.open();
            assertThat(client.ask("c", "")).isEqualTo(new EventOutcome.NoHandler());
            assertThat(client.ask("B", "")).isInstanceOf(EventOutcome.Handled.class);
        }
    }

    @Test
    void theFirstHandlerThatTakesItGetsIt() {
        try (var app = Application.content();
                var stage = Backstage.of(Map.of(
                        "*",
                        List.of(
                                Backstage.handler(app.url("/1"), "", "connected"),
                                Backstage.handler(app.url("/2"), "say, Shout"),
                                Backstage.handler(app.url("/3"), "*", "connected")),
                        "other",
                        List.of()))) {
            var client = stage.open();
            assertThat(app.next("connected").uri()).isEqualTo("/1");
            client.ask("SHOUT", "");
            client.ask("whisper", "");
            client.ask("connected", "");
            assertThat(app.next("SHOUT").uri()).isEqualTo("/2");
            assertThat(app.next("whisper").uri()).isEqualTo("/3");
            assertThat(app.next("connected").header("ce-type")).isEqualTo("azure.webpubsub.user.connected");
        }
    }

    @Test
    void stateIsReplacedClearedAndKept() {
        var answers = new ArrayList<>(List.of(
                Answer.of(204).with("ce-connectionState", "first"),
                Answer.of(204),
                Answer.of(500).with("ce-connectionState", "of a failure"),
                Answer.of(204).with("ce-connectionState", "a").with("ce-connectionState", "last"),
                Answer.of(204).with("ce-connectionState", ""),
                Answer.of(204)));
        try (var app = Application.that(request -> request.event().equals("connected")
                        ? Answer.of(204).with("ce-connectionState", "x")
                        : answers.removeFirst());
                var stage = Backstage.of(Backstage.handler(app.url("/"), "*", LIFE))) {
            var client = stage.open();
            app.next("connected");
            var states = new ArrayList<String>();
            for (int i = 0; i < 6; i++) {
                client.ask("e", "");
                states.add(app.next("e").header("ce-connectionState"));
            }
            assertThat(states).containsExactly(null, "first", "first", "first", "last", null);
        }
    }

    @Test
    void cookiesGoBackToTheHostThatSetThem() {
        try (var app = Application.that(request -> request.event().equals("connected")
                        ? Answer.of(204)
                                .with("Set-Cookie", "ARR=abc; Path=/; HttpOnly")
                                .with("Set-Cookie", "b=2")
                        : Answer.of(500).with("Set-Cookie", "c=3"));
                var other = Application.content();
                var stage = Backstage.of(
                        Backstage.handler(app.url("/"), "here", "connected"), Backstage.handler(other.url("/"), "*"))) {
            var client = stage.open();
            app.next("connected");
            client.ask("here", "");
            client.ask("here", "");
            client.ask("there", "");
            app.next("here");
            assertThat(app.next("here").header("Cookie")).isEqualTo("ARR=abc; b=2");
            assertThat(other.next("there").header("Cookie")).isNull();
            assertThat(stage.calls.toString()).doesNotContain("abc");
        }
    }

    /** Row B20. */
    @Test
    void cookiesAreBounded() {
        var cookies = new Cookies();
        for (int i = 0; i < 100; i++) {
            cookies.set("h", "n" + i + "=v");
        }
        assertThat(cookies.header("h").split("; ")).hasSize(Cookies.MAX_COOKIES);
        cookies.set("h", "n0=" + "x".repeat(Cookies.MAX_BYTES));
        assertThat(cookies.header("h")).doesNotContain("n0=").contains("n1=v");
        cookies.set("h", "n1=gone; Max-Age=0");
        cookies.set("h", "bad name=v");
        cookies.set("h", "inject=a\r\nb");
        cookies.set("h", "none");
        assertThat(cookies.header("h")).startsWith("n2=v").doesNotContain("n1=", "bad", "inject", "none");
    }

    @Test
    void aHostReplacesAndEndsItsOwnCookiesAlone() {
        var cookies = new Cookies();
        cookies.set("a", "n=1");
        cookies.set("b", "n=2");
        cookies.set("a", "n=3");
        assertThat(cookies.header("a")).isEqualTo("n=3");
        assertThat(cookies.header("b")).isEqualTo("n=2");
        cookies.set("a", "n=x; Path=/; max-age=-1");
        assertThat(cookies.header("a")).isEmpty();
        assertThat(cookies.header("b")).isEqualTo("n=2");
    }

    @Test
    void anAnswerThatCannotBeUsedChangesNothing() {
        var answers = new ArrayList<>(List.of(
                Answer.of(204).with("ce-connectionState", "good"),
                Answer.of(200, "text/html", "<")
                        .with("ce-connectionState", "bad")
                        .with("Set-Cookie", "a=1"),
                Answer.of(204)));
        try (var app = Application.that(_ -> answers.removeFirst());
                var stage = Backstage.of(Backstage.handler(app.url("/"), "*"))) {
            var client = stage.open();
            client.ask("e", "");
            assertThat(client.ask("e", "")).isEqualTo(new EventOutcome.Failed());
            client.ask("e", "");
            app.next("e");
            app.next("e");
            Request last = app.next("e");
            assertThat(last.header("ce-connectionState")).isEqualTo("good");
            assertThat(last.header("Cookie")).isNull();
        }
    }

    /** What a client said may have been done before the application failed; that it is there may be told twice. */
    @Test
    void onlyTheServicesOwnEventsAreRepeatedBySetting() {
        try (var app = Application.that(_ -> Answer.of(503));
                var stage = Backstage.repeating(Backstage.handler(app.url("/"), "*", "connected"))) {
            var client = stage.open();
            client.ask("e", "");
            app.next("connected");
            app.next("connected");
            app.next("e");
            assertThat(app.more()).isZero();
        }
    }

    @Test
    void listenersHearNothingAfterTheEnd() {
        try (var listener = Application.content();
                var stage = Backstage.of(
                        EventCallSettings.DEFAULT,
                        List.of(),
                        new EventListenerSettings(listener.url("/"), List.of("*"), List.of()))) {
            var client = stage.open();
            client.ask("before", "");
            stage.handlers.close(Duration.ofSeconds(5));
            listener.next("before");
            client.ask("after", "");
            assertThat(stage.call("after").result()).isEqualTo("stopped");
            assertThat(listener.more()).isZero();
        }
    }

    /** What only listeners hear does not overtake what a handler is still to be asked. */
    @Test
    void listenersHearOfEventsInTheOrderOfTheClient() {
        var gate = new CountDownLatch(1);
        try (var app = Application.that(_ -> {
                    assertThat(passes(gate)).isTrue();
                    return Answer.of(204);
                });
                var listener = Application.content();
                var stage = Backstage.of(
                        EventCallSettings.DEFAULT,
                        List.of(Backstage.handler(app.url("/"), "asked,askedToo")),
                        new EventListenerSettings(listener.url("/"), List.of("*"), List.of()))) {
            var client = stage.open();
            var _ = client.say("asked", "");
            var _ = client.say("askedToo", "");
            var heard = client.say("heard", "");
            listener.next("asked");
            gate.countDown();
            assertThat(Backstage.await(heard)).isInstanceOf(EventOutcome.Handled.class);
            listener.next("askedToo");
            listener.next("heard");
        }
    }

    /** Two ways to one endpoint would tell it the events of a connection in any order, and twice as many would wait. */
    @Test
    void listenersOfOneEndpointShareTheWayThere() {
        var gate = new CountDownLatch(1);
        try (var listener = Application.that(_ -> {
                    assertThat(passes(gate)).isTrue();
                    return Answer.of(204);
                });
                var stage = Backstage.of(
                        EventCallSettings.DEFAULT,
                        List.of(),
                        new EventListenerSettings(listener.url("/"), List.of("first", "other"), List.of()),
                        new EventListenerSettings(listener.url("/"), List.of("second"), List.of()))) {
            var client = stage.open();
            client.ask("first", "");
            listener.next("first");
            client.ask("second", "");
            stage.open().ask("other", "");
            listener.next("other");
            gate.countDown();
            listener.next("second");
        }
    }

    @Test
    void aDrainLastsUntilTheLastClientIsHeardOut() {
        var gate = new CountDownLatch(1);
        try (var app = Application.that(_ -> {
                    assertThat(passes(gate)).isTrue();
                    return Answer.of(204);
                });
                var stage = Backstage.of(Backstage.handler(app.url("/"), "", "disconnected"))) {
            stage.open().end(Disconnect.NORMAL);
            app.next("disconnected");
            var drained = stage.handlers.drain().toCompletableFuture();
            assertThat(drained).isNotDone();
            assertThat(stage.handlers.conversations()).isOne();
            gate.countDown();
            Backstage.await(drained);
            assertThat(stage.call("disconnected").clientSaw()).isEqualTo("nothing, it is gone");
        }
    }

    @Test
    void whatIsToldOfGroupsIsBoundedToo() {
        var gate = new CountDownLatch(1);
        try (var app = Application.that(_ -> {
                    assertThat(passes(gate)).isTrue();
                    return Answer.of(204);
                });
                var stage = Backstage.of(
                        new EventHandlerSettings(app.url("/"), List.of(), List.of(), List.of("joined"), List.of()))) {
            var client = stage.open();
            for (int i = 0; i < 200; i++) {
                client.joined("g".repeat(1000) + i);
            }
            await().until(() -> stage.dropped.contains("EventHandlerBusy"));
            assertThat(client.told).anyMatch(told -> told.startsWith("close: Too many messages wait"));
            assertThat(stage.budget.used()).isLessThanOrEqualTo(64 * 1024);
            gate.countDown();
            await().until(() -> stage.budget.used() == 0);
        }
    }

    @Test
    void eventsAreHandledOneAfterTheOtherInTheirOrder() {
        try (var app = Application.that(_ -> Answer.of(204));
                var stage = Backstage.of(Backstage.handler(app.url("/"), "*", LIFE))) {
            var client = stage.open();
            var outcomes = new ArrayList<CompletableFuture<EventOutcome>>();
            for (int i = 0; i < 40; i++) {
                outcomes.add(client.say("e" + i, ""));
            }
            client.end(Disconnect.NORMAL);

            app.next("connected");
            for (int i = 0; i < 40; i++) {
                app.next("e" + i);
                assertThat(Backstage.await(outcomes.get(i))).isInstanceOf(EventOutcome.Handled.class);
            }
            app.next("disconnected");
            Backstage.await(stage.handlers.drain().toCompletableFuture());
            assertThat(stage.budget.used()).isZero();
        }
    }

    @Test
    void whatWaitsIsBoundedByALimitWithAName() {
        var gate = new CountDownLatch(1);
        try (var app = Application.that(_ -> {
                    assertThat(passes(gate)).isTrue();
                    return Answer.of(204);
                });
                var stage = Backstage.of(Backstage.handler(app.url("/"), "*", "disconnected"))) {
            var client = stage.open();
            var outcomes = new ArrayList<CompletableFuture<EventOutcome>>();
            for (int i = 0; i < 100; i++) {
                outcomes.add(client.say("e", "x".repeat(1000)));
            }
            assertThat(Backstage.await(outcomes.getLast())).isEqualTo(new EventOutcome.Failed());
            assertThat(client.told)
                    .startsWith("pause")
                    .contains("close: Too many messages wait for the upstream: more than 65536 bytes "
                            + "(setting webpubsub.eventCalls.maxWaitingBytes)")
                    .doesNotContain("resume");
            assertThat(stage.dropped).isNotEmpty().containsOnly("EventHandlerBusy");
            gate.countDown();
            Backstage.await(outcomes.getFirst());
            await().until(() -> stage.budget.used() == 0);
            assertThat(client.told).endsWith("resume");
        }
    }

    private static boolean passes(CountDownLatch gate) {
        try {
            return gate.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void groupsAreToldWhereAHandlerWantsThem() {
        try (var app = Application.content();
                var stage = Backstage.of(
                        new EventHandlerSettings(
                                app.url("/rooms"), List.of(), List.of(), List.of("joined"), List.of("room.*", "lobby")),
                        new EventHandlerSettings(
                                app.url("/all"), List.of(), List.of(), List.of("joined", "left"), List.of()))) {
            var client = stage.open();
            client.joined("room.1");
            client.joined("Lobby \"x\"");
            client.left("room.1");

            Request room = app.next("joined");
            assertThat(room.uri()).isEqualTo("/rooms");
            assertThat(room.text()).isEqualTo("{\"group\":\"room.1\"}");
            assertThat(room.header("ce-type")).isEqualTo("azure.webpubsub.gp.joined");
            assertThat(room.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
            Request other = app.next("joined");
            assertThat(other.uri()).isEqualTo("/all");
            assertThat(other.text()).isEqualTo("{\"group\":\"Lobby \\\"x\\\"\"}");
            assertThat(app.next("left").uri()).isEqualTo("/all");
        }
    }

    /** Reference F.7. */
    @ParameterizedTest
    @ValueSource(ints = {408, 500, 503})
    void aHandlerThatStumblesIsCalledAgain(int status) {
        var tries = new AtomicInteger();
        try (var app = Application.that(_ -> Answer.of(tries.incrementAndGet() < 2 ? status : 204));
                var stage = Backstage.of(3, Backstage.handler(app.url("/"), "*"))) {
            assertThat(stage.open().ask("e", "x")).isInstanceOf(EventOutcome.Handled.class);
            assertThat(app.next("e").header("ce-id")).isEqualTo(app.next("e").header("ce-id"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 429})
    void aHandlerThatRefusesIsNotCalledAgain(int status) {
        try (var app = Application.that(_ -> Answer.of(status));
                var stage = Backstage.of(3, Backstage.handler(app.url("/"), "*"))) {
            assertThat(stage.open().ask("e", "x")).isEqualTo(new EventOutcome.Failed());
            app.next("e");
            assertThat(app.more()).isZero();
        }
    }

    @Test
    void aHandlerThatIsTooLateIsNotCalledAgain() {
        var gate = new CountDownLatch(1);
        try (var app = Application.that(_ -> {
                    assertThat(passes(gate)).isTrue();
                    return Answer.of(204);
                });
                var stage = Backstage.of(Duration.ofMillis(300), Backstage.handler(app.url("/"), "*"))) {
            assertThat(stage.open().ask("e", "x")).isEqualTo(new EventOutcome.Failed());
            assertThat(stage.call("e").result()).isEqualTo("timed_out");
            assertThat(stage.call("e").detail()).contains("upstream.timeout");
            app.next("e");
            assertThat(app.more()).isZero();
            gate.countDown();
        }
    }

    @Test
    void everyCallIsExplained() {
        try (var app = Application.that(_ -> Answer.of(500).body("database is down\nsecret Bearer abc"));
                var stage = Backstage.of(Backstage.handler(app.url("/api/{event}?code=s3cret"), "*"))) {
            stage.open().ask("say", "hi");
            var call = stage.call("say");
            assertThat(call.url()).isEqualTo(app.url("/api/say?***"));
            assertThat(call.hub()).isEqualTo("chat");
            assertThat(call.category()).isEqualTo("user");
            assertThat(call.connectionId()).isEqualTo("c1");
            assertThat(call.result()).isEqualTo("500");
            assertThat(call.detail()).isEqualTo("database is down?secret Bearer ***");
            assertThat(call.clientSaw()).isEqualTo("that its event failed");
        }
    }

    @Test
    void aHandlerThatWantsNoCallsGetsNone() {
        try (var app = Application.validatedBy(_ -> Answer.of(403));
                var stage = Backstage.of(3, Backstage.handler(app.url("/x"), "*"))) {
            assertThat(stage.open().ask("say", "hi")).isEqualTo(new EventOutcome.Failed());
            assertThat(stage.call("say").result()).isEqualTo("not_validated");
            assertThat(stage.call("say").detail())
                    .isEqualTo(
                            "it is not called, because it could not be validated: it answers OPTIONS with 403 instead of "
                                    + "2xx with WebHook-Allowed-Origin: rt.example.com");
            assertThat(stage.call("validate").category()).isEqualTo("validation");
            assertThat(app.more()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "ftp://a/ | connect | 'url' must start with http",
                "http://{event}.a/ | connect | 'url' has {event} in its host",
                "http://{hub}.a/ | connect | 'url' has {hub} in its host",
                "http://a/{category} | connect | 'url' holds an unknown '{category}'; the parameters are {hub} and {event}",
                "http://a/ | connecting | 'systemEvents' must hold some of connect, connected, disconnected, but holds 'connecting'"
            })
    void whatCannotBeUsedIsRefusedWhenItIsRead(String url, String systemEvent, String why) {
        assertThatThrownBy(() -> Backstage.handler(url, "", systemEvent))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(why);
    }

    @Test
    void aPatternOfGroupsThatIsNoneIsRefused() {
        assertThatThrownBy(() ->
                        new EventHandlerSettings("http://a/", List.of(), List.of(), List.of("joined"), List.of("a\\b")))
                .hasMessageStartingWith("'groups' holds 'a\\b': ");
    }
}
