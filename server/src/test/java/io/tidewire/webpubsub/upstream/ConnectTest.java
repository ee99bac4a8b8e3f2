package io.tidewire.webpubsub.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.hub.Disconnect;
import io.tidewire.webpubsub.client.Admission;
import io.tidewire.webpubsub.upstream.Application.Answer;
import io.tidewire.webpubsub.upstream.Application.Request;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@code connect} handler is told and what it decides (reference F.2 to F.4). */
class ConnectTest {
    private static Admission answered(Answer answer) {
        try (var app = Application.that(_ -> answer);
                var stage = Backstage.of(Backstage.handler(app.url("/{event}"), "", "connect"))) {
            return stage.connect(stage.arrive());
        }
    }

    @Test
    void itIsToldAllOfTheClientButItsSecrets() {
        try (var app = Application.content();
                var stage = Backstage.of(Backstage.handler(app.url("/api/{hub}/{event}?code=s3cret"), "", "connect"))) {
            assertThat(stage.connect(stage.arrive())).isEqualTo(Admission.Accepted.UNCHANGED);

            Request request = app.next("connect");
            assertThat(request.uri()).isEqualTo("/api/chat/connect?code=s3cret");
            assertThat(request.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
            assertThat(request.header("WebHook-Request-Origin")).isEqualTo("rt.example.com");
            assertThat(request.header("ce-type")).isEqualTo("azure.webpubsub.sys.connect");
            assertThat(request.header("ce-id")).isEqualTo("0");
            assertThat(request.header("ce-hub")).isEqualTo("chat");
            assertThat(request.header("ce-userId")).isEqualTo("ada");
            assertThat(request.header("ce-subprotocol")).isNull();
            assertThat(request.header("ce-connectionState")).isNull();
            assertThat(request.header("Cookie")).isNull();
            assertThat(request.header("ce-signature"))
                    .isEqualTo("sha256=" + Application.hmac(Application.KEY, "c1") + ",sha256="
                            + Application.hmac(Backstage.SECONDARY, "c1"));
            assertThat(request.text())
                    .contains("\"role\":[\"a\",\"b\"]", "\"sub\":[\"ada\"]")
                    .contains("\"query\":{\"room\":[\"1\",\"2\"]}")
                    .contains("\"headers\":{\"host\":[\"rt.example.com\"]}")
                    .endsWith("\"subprotocols\":[\"json.webpubsub.azure.v1\",\"custom\"],\"clientCertificates\":[]}")
                    .doesNotContain("s3cret");
            assertThat(stage.call("connect").toString()).doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", " null ", "{}", "{\"userId\":null,\"groups\":null,\"other\":[1,{}],\"userId\":\"\"}"
            })
    void whoeverSaysNothingAcceptsTheClientAsItIs(String body) {
        assertThat(answered(body.isEmpty() ? Answer.of(200) : Answer.json(body)))
                .isEqualTo(Admission.Accepted.UNCHANGED);
    }

    @Test
    void itsAnswerChangesTheClient() {
        assertThat(answered(Answer.json(
                        "{\"groups\":[\"g1\",\"g2\"],\"roles\":[],\"userId\":\"bob\",\"subprotocol\":\"custom\"}")))
                .isEqualTo(new Admission.Accepted("bob", List.of("g1", "g2"), List.of(), "custom"));
    }

    @ParameterizedTest
    @CsvSource({"401, 401", "403, 403", "404, 404", "500, 500", "503, 503", "302, 500", "429, 429"})
    void itsRefusalIsTheClients(int status, int seen) {
        assertThat(answered(Answer.of(status).body("why")))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(seen));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[]",
                "\"a\"",
                "{",
                "{\"userId\":1}",
                "{\"groups\":\"g\"}",
                "{\"groups\":[1]}",
                "{\"roles\":[null]}",
                "{\"groups\":[\" \"]}",
                "{\"groups\":[\"\"]}",
                "{\"subprotocol\":\"not-offered\"}",
                "{} {}"
            })
    void whatCannotBeReadIsNoConsent(String body) {
        assertThat(answered(Answer.json(body)))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.status()).isEqualTo(500));
    }

    @Test
    void aGroupThatIsTooLongIsNoConsent() {
        assertThat(answered(Answer.json("{\"groups\":[\"" + "g".repeat(1025) + "\"]}")))
                .isInstanceOf(Admission.Refused.class);
        assertThat(answered(Answer.json("{\"groups\":[\"" + "g".repeat(1024) + "\"]}")))
                .isInstanceOf(Admission.Accepted.class);
    }

    @Test
    void anUnreachableHandlerLetsNobodyIn() {
        try (var stage = Backstage.of(Backstage.handler("http://127.0.0.1:1/", "", "connect"))) {
            assertThat(stage.connect(stage.arrive()))
                    .isEqualTo(new Admission.Refused(500, "the connect handler gave no answer that can be used"));
            assertThat(stage.call("connect").result()).isEqualTo("not_validated");
            assertThat(stage.call("connect").detail()).contains("no connection to 127.0.0.1");
        }
    }

    @Test
    void withoutAConnectHandlerNobodyIsAsked() {
        try (var app = Application.content();
                var stage = Backstage.of(Backstage.handler(app.url("/"), "*", "connected"))) {
            var visit = stage.arrive();
            assertThat(stage.connect(visit)).isEqualTo(Admission.Accepted.UNCHANGED);
            visit.abandon(Disconnect.NORMAL);
            assertThat(stage.handlers.conversations()).isZero();
            assertThat(app.validations).isEmpty();
        }
    }

    /** Whoever let it in hears that it is gone. */
    @Test
    void aClientThatWasAcceptedAndNeverCameIsDisconnected() {
        try (var app = Application.that(request -> request.event().equals("connect")
                        ? Answer.json("{\"userId\":\"bob\"}").with("ce-connectionState", "st")
                        : Answer.of(204));
                var stage = Backstage.of(Backstage.handler(app.url("/"), "", "connect", "connected", "disconnected"))) {
            var visit = stage.arrive();
            stage.connect(visit);
            app.next("connect");
            visit.abandon(Disconnect.CONNECTION_LOST);

            Request request = app.next("disconnected");
            assertThat(request.text()).isEqualTo("{\"reason\":\"The connection was lost without a close.\"}");
            assertThat(request.header("ce-userId")).isEqualTo("bob");
            assertThat(request.header("ce-connectionState")).isEqualTo("st");
            assertThat(request.header("ce-id")).isEqualTo("1");
            Backstage.await(CompletableFuture.allOf(stage.handlers.drain().toCompletableFuture()));
        }
    }

    @Test
    void listenersHearThatItNeverCame() {
        try (var app = Application.content();
                var listener = Application.content();
                var stage = Backstage.of(
                        EventCallSettings.DEFAULT,
                        List.of(Backstage.handler(app.url("/"), "", "connect")),
                        new EventListenerSettings(listener.url("/"), List.of(), List.of("disconnected")))) {
            var visit = stage.arrive();
            stage.connect(visit);
            visit.abandon(Disconnect.CONNECTION_LOST);
            assertThat(listener.next("disconnected").header("ce-id")).isEqualTo("1");
            assertThat(stage.handlers.conversations()).isZero();
        }
    }

    @Test
    void namesThatCouldEndAHeaderAreEncoded() {
        try (var app = Application.content();
                var stage = Backstage.of(Backstage.handler(app.url("/"), "", "connect"))) {
            stage.connect(stage.handlers.arrive(stage.arrival("a\r\nX: y\u00e9")));
            assertThat(app.next("connect").header("ce-userId")).isEqualTo("a%0D%0AX: y%C3%A9");
        }
    }

    /** Headers, query and claims may be many kilobytes, which are needed once and would be kept for each client as long as it stays. */
    @Test
    void whatAClientBroughtAlongIsForgottenOnceTheHandlerWasAsked() {
        try (var app = Application.content();
                var stage = Backstage.of(Backstage.handler(app.url("/{event}"), "", "connect"))) {
            var arrivals = new ArrayDeque<>(List.of(stage.arrival("ada")));
            var brought = new WeakReference<>(arrivals.element());
            var visit = stage.handlers.arrive(arrivals.remove());
            stage.connect(visit);
            Awaitility.await().until(() -> {
                System.gc();
                return brought.get() == null;
            });
            visit.abandon(Disconnect.CONNECTION_LOST);
        }
    }

    /** Clients that come, leave before the answer and come again would fill the memory while a handler is slow. */
    @Test
    void clientsThatWaitForAHandlerTakeOfTheRoomForAllClients() {
        var answer = new CompletableFuture<Answer>();
        try (var app = Application.that(_ -> Backstage.await(answer));
                var stage = Backstage.of(Backstage.handler(app.url("/{event}"), "", "connect"))) {
            var waits = stage.arrive().connect().toCompletableFuture();
            assertThat(stage.budget.used()).isPositive();
            while (stage.budget.takeSpare(1024)) {
                // until there is no room
            }
            assertThat(stage.connect(stage.arrive()))
                    .isEqualTo(new Admission.Refused(
                            503, "too many clients wait for connect handlers (setting network.maxBufferedBytes)"));
            long full = stage.budget.used();
            answer.complete(Answer.of(204));
            assertThat(Backstage.await(waits)).isEqualTo(Admission.Accepted.UNCHANGED);
            assertThat(stage.budget.used()).isLessThan(full);
        }
    }
}
