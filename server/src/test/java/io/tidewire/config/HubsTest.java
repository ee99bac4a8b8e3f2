package io.tidewire.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.webpubsub.HubSettings;
import io.tidewire.webpubsub.access.AdmissionSettings;
import io.tidewire.webpubsub.access.AdmissionSettings.By;
import io.tidewire.webpubsub.access.AdmissionSettings.CountRule;
import io.tidewire.webpubsub.upstream.EventHandlerSettings;
import io.tidewire.webpubsub.upstream.EventListenerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is set for single hubs of Web PubSub: the one setting that is a map (row B30). */
class HubsTest {
    private static final String FILE = """
            webpubsub:
              hubs:
                Chat:
                  anonymous: allow
                  maxConnectionLifetime: 2h
                  connectionCountRules:
                    - { by: userId, limit: 5 }
                    - { by: claim, claim: tenant, limit: 100 }
                    - { by: address, limit: 50 }
                  eventHandlers:
                    - { url: "http://app:7072/{event}?code=s3cret", userEvents: "*", systemEvents: [connect, connected, disconnected] }
                    - url: http://app:7072/groups
                      groupEvents: joined, left
                      groups: [lobby, "room.*"]
                  eventListeners:
                    - { endpoint: "redis://me:s3cret@cache:6379/0?stream=events", userEvents: "message, ping" }
                "*":
                  anonymous: deny
                quiet:
            """;

    private static final HubSettings NOTHING = new HubSettings(AdmissionSettings.DEFAULT, List.of(), List.of());

    private static final Map<String, HubSettings> READ = Map.of(
            "chat",
            new HubSettings(
                    new AdmissionSettings(
                            true,
                            Duration.ofHours(2),
                            List.of(
                                    new CountRule(By.USER_ID, null, 5),
                                    new CountRule(By.CLAIM, "tenant", 100),
                                    new CountRule(By.ADDRESS, null, 50))),
                    List.of(
                            new EventHandlerSettings(
                                    "http://app:7072/{event}?code=s3cret",
                                    List.of("*"),
                                    List.of("connect", "connected", "disconnected"),
                                    List.of(),
                                    List.of("**")),
                            new EventHandlerSettings(
                                    "http://app:7072/groups",
                                    List.of(),
                                    List.of(),
                                    List.of("joined", "left"),
                                    List.of("lobby", "room.*"))),
                    List.of(new EventListenerSettings(
                            "redis://me:s3cret@cache:6379/0?stream=events", List.of("message", "ping"), List.of()))),
            "*",
            NOTHING,
            "quiet",
            NOTHING);

    private static Map<String, HubSettings> hubs(Loading loading) {
        return loading.load().settings().webpubsub().hubs();
    }

    @Test
    void everyMemberReachesItsPlace() {
        assertThat(hubs(Loading.dev().yaml(FILE))).isEqualTo(READ);
    }

    /** Row B30: aliases, and what belongs to one line, are told with it. */
    @Test
    void everyMistakeIsToldInItsLine() {
        assertThat(Loading.dev().yaml("""
                        webpubsub:
                          hubs:
                            chat:
                              anonymus: allow
                            Chat:
                              anonymous: perhaps
                            9lives: {}
                            news:
                              eventHandlers:
                                - { url: "http://app", systemEvents: [connect, disconect] }
                                - { userEvents: "*" }
                                - { url: "http://app", userEvents: "no blanks" }
                                - { ulr: "http://app" }
                                - { url: "http://app", groupEvents: entered }
                                - http://app
                                - { url: "http://{hub}/x", userEvents: "*" }
                                - { url: "ftp://app", userEvents: "*" }
                            sport:
                              connectionCountRules:
                                - { by: colour, limit: 1 }
                                - { by: claim, limit: 1 }
                                - { by: userId, claim: tenant, limit: 1 }
                                - { by: userId }
                                - { by: userId, limit: none }
                            wide:
                              eventListeners: { endpoint: "http://app" }
                            deep:
                              maxConnectionLifetime: 8 days
                            flat: 7
                            late:
                              eventListeners:
                                - { endpoint: "http://app", systemEvents: connect }
                                - http://app
                        """).problems()).containsExactly("""
                tidewire.yaml:4: 'webpubsub.hubs' hub 'chat' has an unknown 'anonymus'; did you mean 'anonymous'?
                tidewire.yaml:6: 'webpubsub.hubs' hub 'Chat' 'anonymous' must be one of allow, deny, but is 'perhaps'
                tidewire.yaml:7: 'webpubsub.hubs' hub '9lives' must be '*' or a name of 1 to 128 characters: a letter, then letters, digits and _ ` , . [ ]
                tidewire.yaml:10: 'webpubsub.hubs' hub 'news' 'eventHandlers' item 1 'systemEvents' must hold some of connect, connected, disconnected, but holds 'disconect'; did you mean 'disconnected'?
                tidewire.yaml:11: 'webpubsub.hubs' hub 'news' 'eventHandlers' item 2 has no 'url'
                tidewire.yaml:12: 'webpubsub.hubs' hub 'news' 'eventHandlers' item 3 'userEvents' must hold '*' or names of a letter, then letters, digits, '_', '.' and '-', but holds 'no blanks'
                tidewire.yaml:13: 'webpubsub.hubs' hub 'news' 'eventHandlers' item 4 has an unknown 'ulr'; did you mean 'url'?
                tidewire.yaml:14: 'webpubsub.hubs' hub 'news' 'eventHandlers' item 5 'groupEvents' must hold some of joined, left, but holds 'entered'
                tidewire.yaml:15: 'webpubsub.hubs' hub 'news' 'eventHandlers' item 6 takes no event; name some as userEvents, systemEvents or groupEvents
                tidewire.yaml:16: 'webpubsub.hubs' hub 'news' 'eventHandlers' item 7 'url' must be a URL such as http://app:7072/{event}, without placeholders in its host
                tidewire.yaml:17: 'webpubsub.hubs' hub 'news' 'eventHandlers' item 8 'url' must be a URL such as http://app:7072/{event}, without placeholders in its host
                tidewire.yaml:20: 'webpubsub.hubs' hub 'sport' 'connectionCountRules' item 1 'by' must be one of userId, claim, address, but is 'colour'
                tidewire.yaml:21: 'webpubsub.hubs' hub 'sport' 'connectionCountRules' item 2 has no 'claim'
                tidewire.yaml:22: 'webpubsub.hubs' hub 'sport' 'connectionCountRules' item 3 has a 'claim', which only 'by: claim' takes
                tidewire.yaml:23: 'webpubsub.hubs' hub 'sport' 'connectionCountRules' item 4 has no 'limit'
                tidewire.yaml:24: 'webpubsub.hubs' hub 'sport' 'connectionCountRules' item 5 'limit' must be a whole number, but is 'none'
                tidewire.yaml:26: 'webpubsub.hubs' hub 'wide' 'eventListeners' must be a list of objects, each behind a '-'
                tidewire.yaml:28: 'webpubsub.hubs' hub 'deep' 'maxConnectionLifetime' must be a duration such as 500ms, 15s, 2m or 1h, but is '8 days'
                tidewire.yaml:29: 'webpubsub.hubs' hub 'flat' must be an object with anonymous, maxConnectionLifetime, connectionCountRules, eventHandlers, eventListeners
                tidewire.yaml:32: 'webpubsub.hubs' hub 'late' 'eventListeners' item 1 'systemEvents' must hold some of connected, disconnected, but holds 'connect'; did you mean 'connected'?
                tidewire.yaml:33: 'webpubsub.hubs' hub 'late' 'eventListeners' item 2 hears no event; name some as userEvents or systemEvents""".split("\n"));
    }

    @Test
    void aHubIsGivenOnceInWhateverLetterCase() {
        assertThat(Loading.dev()
                        .yaml("webpubsub:\n  hubs:\n    chat:\n    Chat:\n")
                        .problems())
                .containsExactly(
                        "tidewire.yaml:4: 'webpubsub.hubs' hub 'Chat' is given twice; letter case does not count");
    }

    @Test
    void otherShapesAreNoHubs() {
        String wrong =
                "'webpubsub.hubs' must be names of hubs with settings below each, such as {chat: {anonymous: allow}}";
        assertThat(Loading.dev().yaml("webpubsub:\n  hubs: [chat, news]").problems())
                .containsExactly("tidewire.yaml:2: " + wrong);
        assertThat(Loading.dev().set("webpubsub.hubs=chat").problems()).containsExactly("--set: " + wrong);
        assertThat(Loading.dev().set("webpubsub.hubs={chat").problems())
                .singleElement()
                .asString()
                .startsWith("--set: 'webpubsub.hubs' is not YAML: ");
    }

    @Test
    void anAliasBombIsNotReadOut() {
        assertThat(Loading.dev().yaml("""
                        webpubsub:
                          hubs:
                            a: &a { anonymous: allow }
                            b: *a
                        """).problems())
                .containsExactly(
                        "tidewire.yaml:3: YAML anchors (&name) are not read; write the value out",
                        "tidewire.yaml:4: YAML aliases (*name) are not read; write the value out");
    }

    @Test
    void elsewhereTheyAreOneText() {
        String text = "{chat: {anonymous: allow, eventHandlers: [{url: \"http://app/{event}\", userEvents: '*'}]}}";
        var expected = Map.of(
                "chat",
                new HubSettings(
                        new AdmissionSettings(true, Duration.ZERO, List.of()),
                        List.of(new EventHandlerSettings(
                                "http://app/{event}", List.of("*"), List.of(), List.of(), List.of("**"))),
                        List.of()));
        assertThat(hubs(Loading.dev().set("webpubsub.hubs=" + text))).isEqualTo(expected);
        assertThat(hubs(Loading.dev().env("TIDEWIRE_WEBPUBSUB_HUBS", text))).isEqualTo(expected);
        assertThat(hubs(Loading.dev().yaml(FILE).set("webpubsub.hubs={}"))).isEmpty();
    }

    @Test
    void theyAreShownWithoutSecrets() {
        var shown = Loading.dev().yaml(FILE).load().given().getFirst().value();
        assertThat(shown)
                .doesNotContain("s3cret")
                .contains("http://app:7072/{event}?***", "redis://***@cache:6379/0?***", "maxConnectionLifetime: 2h")
                .contains("connectionCountRules: [{by: \"userId\", limit: 5}");
    }
}
