package io.tidewire.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.auth.KeySettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
    @Test
    void serveNeedsAKey() {
        assertThat(Loading.serveWithoutKey().problems())
                .containsExactly(
                        "neither 'signalr.keys.primary' nor 'webpubsub.keys.primary' is set,"
                                + " so nothing would be served; make a key with: openssl rand -base64 32"
                                + " - and put it into the file or into TIDEWIRE_SIGNALR_KEYS_PRIMARY or TIDEWIRE_WEBPUBSUB_KEYS_PRIMARY");
        assertThat(Loading.serveWithoutKey()
                        .set("webpubsub.keys.primary=" + Loading.KEY)
                        .load()
                        .settings()
                        .signalr()
                        .keys())
                .isNull();
    }

    @Test
    void aBadKeyIsNotReportedAsMissingToo() {
        assertThat(Loading.serveWithoutKey()
                        .yaml("signalr:\n  keys:\n    primary: \"${ABSENT}\"")
                        .problems())
                .containsExactly(
                        "tidewire.yaml:3: 'signalr.keys.primary' names ${ABSENT}, which is not set in the environment");
    }

    @Test
    void whatIsServedIsSaid() {
        assertThat(Loading.dev().load().settings().served())
                .containsExactly("SignalR on 127.0.0.1:8888", "Web PubSub on 127.0.0.1:8080");
        assertThat(Loading.serve().load().settings().served()).containsExactly("SignalR on 0.0.0.0:8888");
    }

    @Test
    void whatIsSetForAServiceThatIsNotServedIsWarnedOf() {
        assertThat(Loading.serve().set("webpubsub.listen=0.0.0.0:8888").load().warnings())
                .containsExactly("--set: 'webpubsub.listen' is set,"
                        + " but Web PubSub is not served without 'webpubsub.keys.primary'");
        assertThat(Loading.serve()
                        .set("webpubsub.keys.secondary=" + Loading.KEY)
                        .problems())
                .containsExactly("--set: 'webpubsub.keys.secondary' is set and 'webpubsub.keys.primary' is not");
    }

    @Test
    void aKeyThatWasPerhapsNotReadIsNotReportedAsMissing() {
        assertThat(Loading.serveWithoutKey().yaml("http:\n  }").problems())
                .singleElement()
                .asString()
                .startsWith("tidewire.yaml:2: not YAML: ");
    }

    @Test
    void serveRefusesTheWellKnownKeyOnOpenDoors() {
        assertThat(Loading.serveWithoutKey()
                        .yaml("signalr:\n  keys:\n    primary: " + KeySettings.WELL_KNOWN)
                        .problems())
                .containsExactly("tidewire.yaml:3: 'signalr.keys.primary' is the well-known key,"
                        + " and 'signalr.listen' 0.0.0.0:8888 is not loopback: anyone could connect;"
                        + " make a key with: openssl rand -base64 32");
        assertThat(Loading.serve()
                        .env("TIDEWIRE_SIGNALR_KEYS_SECONDARY", KeySettings.WELL_KNOWN)
                        .set("signalr.listen=127.0.0.1:8888", "signalr.previewListen=0.0.0.0:5002")
                        .problems())
                .containsExactly("TIDEWIRE_SIGNALR_KEYS_SECONDARY: 'signalr.keys.secondary' is the well-known key,"
                        + " and 'signalr.previewListen' 0.0.0.0:5002 is not loopback: anyone could connect;"
                        + " make a key with: openssl rand -base64 32");
    }

    @Test
    void serveRefusesTheWellKnownKeyOnOpenDoorsOfWebPubSub() {
        assertThat(Loading.serve()
                        .set("webpubsub.keys.primary=" + KeySettings.WELL_KNOWN)
                        .problems())
                .containsExactly("--set: 'webpubsub.keys.primary' is the well-known key,"
                        + " and 'webpubsub.listen' 0.0.0.0:8080 is not loopback: anyone could connect;"
                        + " make a key with: openssl rand -base64 32");
        assertThat(Loading.serve()
                        .set("webpubsub.keys.primary=" + KeySettings.WELL_KNOWN, "webpubsub.listen=127.0.0.1:8080")
                        .problems())
                .isEmpty();
    }

    @Test
    void serveWarnsOfUpstreamsOnThisMachine() {
        String upstreams = "signalr.upstream=['http://app:7071/{event}', 'http://localhost:7071/{event}?code=s3cret',"
                + " 'http://[::1]:7071', 'http://{hub}.localhost.example']";
        String denied =
                " is this machine, which 'upstream.addresses' private does not allow; name it in 'upstream.allow' if it is meant";
        assertThat(Loading.serve().set(upstreams).load().warnings())
                .containsExactly(
                        "--set: 'signalr.upstream' item 2: localhost" + denied,
                        "--set: 'signalr.upstream' item 3: ::1" + denied);
        assertThat(Loading.serve()
                        .set(upstreams, "upstream.allow=localhost, ::1")
                        .load()
                        .warnings())
                .isEmpty();
        assertThat(Loading.serve()
                        .set(upstreams, "upstream.addresses=any")
                        .load()
                        .warnings())
                .isEmpty();
        assertThat(Loading.dev().set(upstreams).load().warnings()).isEmpty();
    }

    @Test
    void aCertificateNeedsItsKey() {
        assertThat(Loading.dev()
                        .yaml("signalr:\n  tls:\n    certificate: cert.pem")
                        .problems())
                .containsExactly("tidewire.yaml:3: 'signalr.tls.certificate' is set and 'signalr.tls.key' is not");
        assertThat(Loading.dev().set("signalr.tls.key=key.pem").problems())
                .containsExactly("--set: 'signalr.tls.key' is set and 'signalr.tls.certificate' is not");
        assertThat(Loading.dev()
                        .set("signalr.tls.key= ", "signalr.tls.certificate=cert.pem")
                        .problems())
                .containsExactly("--set: 'signalr.tls.key' must be the path of a file, but is ' '");
    }

    @Test
    void serveTakesTheWellKnownKeyOnLoopback() {
        assertThat(Loading.serveWithoutKey()
                        .env("TIDEWIRE_SIGNALR_KEYS_PRIMARY", KeySettings.WELL_KNOWN)
                        .set("signalr.listen=localhost:8888")
                        .load()
                        .warnings())
                .isEmpty();
    }

    @Test
    void serveWarnsOfEventHandlersOnThisMachine() {
        assertThat(Loading.serve()
                        .set("webpubsub.keys.primary=" + Loading.KEY, """
                                webpubsub.hubs={chat: {eventHandlers: [
                                  {url: "http://app/{event}", userEvents: '*'},
                                  {url: "http://[::1]:7072/{event}", userEvents: '*'}]}}""")
                        .load()
                        .warnings())
                .containsExactly(
                        "--set: 'webpubsub.hubs' hub 'chat' 'eventHandlers' item 2: ::1 is this machine,"
                                + " which 'upstream.addresses' private does not allow; name it in 'upstream.allow' if it is meant");
    }

    @Test
    void devWarns() {
        assertThat(Loading.dev().set("signalr.listen=0.0.0.0:8888").load().warnings())
                .containsExactly("'signalr.keys.primary' is the well-known key,"
                        + " and 'signalr.listen' 0.0.0.0:8888 is not loopback: anyone could connect;"
                        + " fine on a machine of your own only");
    }

    @Test
    void twoDoorsCannotTakeOnePort() {
        assertThat(Loading.dev()
                        .set("admin.listen=127.0.0.1:8888", "signalr.previewListen=[::]:8888")
                        .problems())
                .containsExactly(
                        "'signalr.listen' 127.0.0.1:8888 and 'signalr.previewListen' [::]:8888 take the same port",
                        "'signalr.listen' 127.0.0.1:8888 and 'admin.listen' 127.0.0.1:8888 take the same port",
                        "'signalr.previewListen' [::]:8888 and 'admin.listen' 127.0.0.1:8888 take the same port");
        assertThat(Loading.dev()
                        .set("admin.listen=127.0.0.1:0", "signalr.listen=127.0.0.1:0")
                        .problems())
                .isEmpty();
        assertThat(Loading.dev().set("admin.listen=127.0.0.2:8888").problems()).isEmpty();
        assertThat(Loading.dev().set("webpubsub.listen=0.0.0.0:8888").problems())
                .containsExactly(
                        "'signalr.listen' 127.0.0.1:8888 and 'webpubsub.listen' 0.0.0.0:8888 take the same port");
        assertThat(Loading.serve().set("signalr.listen=0.0.0.0:8080").problems())
                .as("the other one is not served")
                .isEmpty();
    }

    @Test
    void aQueueThatIsShorterThanAMessageIsWarnedOf() {
        assertThat(Loading.dev().set("websocket.maxUnsentBytes=64KiB").load().warnings())
                .containsExactly("--set: 'websocket.maxUnsentBytes' is less than 'http.maxBodyBytes':"
                        + " the longest messages close each client that they reach");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.9.9.9, true",
        "localhost, true",
        "LocalHost, true",
        "::1, true",
        "0:0:0:0:0:0:0:1, true",
        "::ffff:127.0.0.1, true",
        "0.0.0.0, false",
        "::, false",
        "10.0.0.1, false",
        "localhost.example.com, false",
        "127.0.0.1.example.com, false",
        "rt.example.com, false"
    })
    void loopback(String host, boolean expected) {
        assertThat(Rules.isLoopback(host)).isEqualTo(expected);
    }
}
