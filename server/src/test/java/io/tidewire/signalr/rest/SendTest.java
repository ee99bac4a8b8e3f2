package io.tidewire.signalr.rest;

import static io.tidewire.signalr.protocol.WireText.bytes;
import static io.tidewire.signalr.protocol.WireText.hex;
import static io.tidewire.signalr.protocol.WireText.prefixed;
import static io.tidewire.signalr.rest.RestServer.assertDone;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets what each send operation sends. */
@Timeout(60)
class SendTest {
    private static final String BODY = "{\"target\":\"news\",\"arguments\":[1]}";
    private static final String NEWS = "{\"type\":1,\"target\":\"news\",\"arguments\":[1]};";
    private static final String PACKED_NEWS = hex(prefixed(bytes("96 01 80 C0 A4 'news' 91 01 90")));

    private static RestServer server;

    private String hub;
    private HubClient ann; // user U, in group G
    private HubClient bob; // user V, in no group, speaks MessagePack
    private HubClient cat; // user U, in groups G and H

    @BeforeAll
    static void startServer() {
        server = RestServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() {
        hub = RestServer.newHub();
        ann = server.json(hub, "U");
        bob = server.messagePack(hub, "V");
        cat = server.json(hub, "U");
        join(ann, "G");
        join(cat, "G");
        join(cat, "H");
    }

    @AfterEach
    void disconnect() {
        ann.close();
        bob.close();
        cat.close();
    }

    private void join(HubClient client, String group) {
        assertDone(server.call("PUT", "/api/v1/hubs/" + hub + "/groups/" + group + "/connections/" + client.id()), 200);
    }

    private String fill(String target) {
        return target.replace("{hub}", hub)
                .replace("{ann}", ann.id())
                .replace("{bob}", bob.id())
                .replace("{cat}", cat.id());
    }

    /** Each client as often as it got the news. */
    private String receivers() {
        var names = new StringBuilder();
        for (String message : ann.received()) {
            assertThat(message).isEqualTo(NEWS);
            names.append('a');
        }
        for (String message : bob.received()) {
            assertThat(message).isEqualTo(PACKED_NEWS);
            names.append('b');
        }
        for (String message : cat.received()) {
            assertThat(message).isEqualTo(NEWS);
            names.append('c');
        }
        return names.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1-preview/hub/{hub} | abc",
                "/api/v1-preview/hub/{hub}/user/U | ac",
                "/api/v1-preview/hub/{hub}/users/U,V | abc",
                "/api/v1-preview/hub/{hub}/users/V,X | b",
                "/api/v1-preview/hub/{hub}/users/V,V | b",
                "/api/v1-preview/hub/{hub}/group/G | ac",
                "/api/v1-preview/hub/{hub}/groups/H,X | c",
                "/api/v1-preview/hub/{hub}/groups/H%2CX | c",
                "/api/v1/hubs/{hub} | abc",
                "/api/v1/hubs/{hub}/:send | abc",
                "/api/v1/hubs/{hub}/ | abc",
                "/API/V1/Hubs/{hub}/:SEND | abc",
                "/api/v1/hubs/{hub}/%3Asend | abc",
                "/api/v1/hubs/{hub}/users/U | ac",
                "/api/v1/hubs/{hub}/users/U/:send | ac",
                "/api/v1/hubs/{hub}/connections/{bob} | b",
                "/api/v1/hubs/{hub}/connections/{bob}/:send | b",
                "/api/v1/hubs/{hub}/groups/G | ac",
                "/api/v1/hubs/{hub}/groups/G/:send | ac",
                "/api/hubs/{hub}/:send?api-version=2022-06-01 | abc",
                "/api/hubs/{hub}?api-version=2022-06-01 | abc",
                "/api/hubs/{hub}/users/U/:send?api-version=2022-06-01 | ac",
                "/api/hubs/{hub}/users/U?api-version=2022-06-01 | ac",
                "/api/hubs/{hub}/connections/{ann}/:send?api-version=2022-06-01 | a",
                "/api/hubs/{hub}/connections/{ann}?api-version=2022-06-01 | a",
                "/api/hubs/{hub}/groups/H/:send?api-version=2022-06-01 | c",
                "/api/hubs/{hub}/groups/H?api-version=2022-06-01 | c",
            })
    void everySendReachesItsAudienceAndNobodyElse(String target, String receivers) {
        assertDone(server.post(fill(target), BODY), 202);
        assertThat(receivers()).isEqualTo(receivers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1-preview/hub/nobody",
                "/api/v1-preview/hub/{hub}/user/X",
                "/api/v1-preview/hub/{hub}/users/X,Y",
                "/api/v1-preview/hub/{hub}/group/X",
                "/api/v1-preview/hub/{hub}/groups/X,Y",
                "/api/v1/hubs/nobody",
                "/api/v1/hubs/{hub}/users/X",
                "/api/v1/hubs/{hub}/connections/X",
                "/api/v1/hubs/{hub}/groups/X",
                "/api/hubs/nobody/:send",
                "/api/hubs/{hub}/users/X/:send",
                "/api/hubs/{hub}/connections/X/:send",
                "/api/hubs/{hub}/groups/X/:send",
            })
    void aSendToNobodyIsAcceptedAsWell(String target) {
        assertDone(server.post(fill(target), BODY), 202);
        assertThat(receivers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/hubs/{hub}?excluded={ann} | bc",
                "/api/v1/hubs/{hub}?excluded={ann}&excluded={bob} | c",
                "/api/v1/hubs/{hub}/groups/G?excluded=X&excluded={cat}&excluded={cat}&excluded= | a",
                "/api/hubs/{hub}/:send?excluded={cat} | ab",
                "/api/hubs/{hub}/:send?Excluded={ann}&excluded={bob}&api-version=2022-06-01&EXCLUDED={cat} | ''",
                "/api/hubs/{hub}/groups/G/:send?excluded={ann}&excluded=unknown | c",
            })
    void excludedConnectionsGetNothingAndUnknownOnesAreIgnored(String target, String receivers) {
        assertDone(server.post(fill(target), BODY), 202);
        assertThat(receivers()).isEqualTo(receivers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/hubs/{hub}/users/u | ''",
                "/api/v1/hubs/{hub}/groups/g | ''",
                "/api/hubs/{hub}/users/u/:send | ''",
                "/api/hubs/{hub}/groups/g/:send | ''",
                "/api/v1/hubs/{HUB} | abc",
                "/api/hubs/{HUB}/groups/H/:send | c",
            })
    void hubsIgnoreCaseButUsersAndGroupsDoNot(String target, String receivers) {
        String upper = "H" + hub.substring(1).toUpperCase(Locale.ROOT);
        assertDone(server.post(fill(target.replace("{HUB}", upper)), BODY), 202);
        assertThat(receivers()).isEqualTo(receivers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/hubs/{hub}?application=app",
                "/api/v1/hubs/{hub}?Application=APP",
                "/api/v1/hubs/app_{hub}",
                "/api/v1-preview/hub/{hub}?application=App",
                "/api/hubs/{hub}/:send?application=app&api-version=2022-06-01",
                "/api/hubs/App_{hub}/:send",
            })
    void anApplicationPrefixesItsHubs(String target) {
        try (HubClient joined = server.json("app_" + hub, "U");
                HubClient shouting = server.json("APP_" + hub.toUpperCase(Locale.ROOT), "U")) {
            assertDone(server.post(fill(target), BODY), 202);
            assertThat(joined.received()).isEqualTo(List.of(NEWS));
            assertThat(shouting.received()).isEqualTo(List.of(NEWS));
            assertThat(receivers()).isEmpty();
        }
    }

    @Test
    void anEmptyApplicationIsNone() {
        assertDone(server.post(fill("/api/hubs/{hub}/:send?application="), BODY), 202);
        assertThat(receivers()).isEqualTo("abc");
    }

    @Test
    void hubsAreApart() {
        try (HubClient elsewhere = server.json(RestServer.newHub(), "U")) {
            assertDone(server.post("/api/v1/hubs/" + hub + "/users/U", BODY), 202);
            assertThat(receivers()).isEqualTo("ac");
            assertThat(elsewhere.received()).isEmpty();
        }
    }
}
