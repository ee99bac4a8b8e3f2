package io.tidewire.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.service.upstream.NamesSettings;
import io.tidewire.signalr.upstream.UpstreamSettings.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How upstreams are written, and what is said about mistakes in them (reference E.1). */
class UpstreamProblemsTest {
    private static final Rule ALL = new Rule(
            "http://app:7071/{hub}/{category}/{event}", NamesSettings.ANY, NamesSettings.ANY, NamesSettings.ANY);

    @Test
    void absentTakesEveryNameNothingTakesNone() {
        assertThat(rules("""
                        signalr:
                          upstream:
                            - url: "http://app:7071/{hub}/{category}/{event}"
                            - { url: "http://app:7072", hubs: "chat, news ", categories: messages, events: [a, "b,c", " d"] }
                            - url: https://app/x?code=${CODE}
                              hubs: "news,*"
                              categories:
                              events: ""
                        """))
                .containsExactly(
                        ALL,
                        new Rule(
                                "http://app:7072",
                                NamesSettings.of(List.of("chat", "news")),
                                NamesSettings.of(List.of("messages")),
                                NamesSettings.of(List.of("a", "b,c", "d"))),
                        new Rule(
                                "https://app/x?code=s3cret",
                                NamesSettings.ANY,
                                NamesSettings.NONE,
                                NamesSettings.NONE));
    }

    @Test
    void aTextAloneIsTheUrl() {
        assertThat(rules("signalr.upstream: http://app:7071/{hub}/{category}/{event}"))
                .containsExactly(ALL);
        assertThat(rules("signalr.upstream: [\"http://app:7071/{hub}/{category}/{event}\"]"))
                .containsExactly(ALL);
    }

    @Test
    void onOneLineInTheEnvironmentAndOnTheCommandLine() {
        Rule chat = new Rule(
                "http://app/x",
                NamesSettings.of(List.of("chat")),
                NamesSettings.ANY,
                NamesSettings.of(List.of("a", "b")));
        String json = "[{\"url\": \"http://app/x\", \"hubs\": \"chat\", \"events\": [\"a\", \"b\"]}]";

        for (String text : List.of(
                json, "[{url: http://app/x, hubs: chat, events: 'a,b'}]", json.replaceAll("[\\[\\]]$|^\\[", ""))) {
            assertThat(Loading.dev()
                            .env("TIDEWIRE_SIGNALR_UPSTREAM", text)
                            .load()
                            .settings()
                            .signalr()
                            .upstream()
                            .rules())
                    .as(text)
                    .containsExactly(chat);
            assertThat(Loading.dev()
                            .set("signalr.upstream=" + text)
                            .load()
                            .settings()
                            .signalr()
                            .upstream()
                            .rules())
                    .containsExactly(chat);
        }
        assertThat(Loading.dev()
                        .set("signalr.upstream=[]")
                        .load()
                        .settings()
                        .signalr()
                        .upstream()
                        .rules())
                .isEmpty();
    }

    @Test
    void everyProblemNamesItsLineAndItsItem() {
        assertThat(Loading.dev().yaml("""
                        signalr:
                          upstream:
                            - url: "http://app/{evnt}"
                            - hub: chat
                              url: http://app
                            - hubs: chat
                            - { url: "app:7071/x", url: "http://app" }
                            - url: http://app/x

                              categories: conections
                            - [a, b]
                            - url: [http://app]
                            - url: http://app
                              events: { a: b }
                        """).problems())
                .containsExactly(
                        "tidewire.yaml:3: 'signalr.upstream' item 1 'url' holds an unknown '{evnt}'; "
                                + "the parameters are {hub}, {category} and {event}",
                        "tidewire.yaml:4: 'signalr.upstream' item 2 has an unknown 'hub'; did you mean 'hubs'?",
                        "tidewire.yaml:6: 'signalr.upstream' item 3 has no 'url'",
                        "tidewire.yaml:7: 'signalr.upstream' item 4 has 'url' twice",
                        "tidewire.yaml:10: 'signalr.upstream' item 5 'categories' must be connections or messages, "
                                + "but holds 'conections'",
                        "tidewire.yaml:11: 'signalr.upstream' item 6 must be an object with url, hubs, categories, events",
                        "tidewire.yaml:12: 'signalr.upstream' item 7 'url' must be one text",
                        "tidewire.yaml:14: 'signalr.upstream' item 8 'events' must be a text with commas, or a plain list");
    }

    @Test
    void urlsThatCannotBeCalled() {
        assertThat(problem("app/x")).isEqualTo("must start with http:// or https://, but is 'app/x'");
        assertThat(problem("ftp://app/x")).isEqualTo("must start with http:// or https://, but is 'ftp://app/x'");
        assertThat(problem("file:///etc/passwd"))
                .isEqualTo("must start with http:// or https://, but is 'file:///etc/passwd'");
        assertThat(problem("http://")).isEqualTo("must be an absolute http or https URL, but is 'http://'");
        assertThat(problem("http:///x"))
                .isEqualTo("must name a host, and a port only between 1 and 65535, but is 'http:///x'");
        assertThat(problem("http://app:70000/x"))
                .isEqualTo("must name a host, and a port only between 1 and 65535, but is 'http://app:70000/x'");
        assertThat(problem("http://app/#x")).isEqualTo("holds a '#', which is never sent");
        assertThat(problem("http://app/../{event}")).isEqualTo("holds '.' or '..' as a part of its path");
        assertThat(problem("http://app/{event")).isEqualTo("holds a brace without its other half");
        assertThat(problem("http://app/event}")).isEqualTo("holds a brace without its other half");
        assertThat(problem("http://{event}.app/"))
                .isEqualTo("has {event} in its host: clients choose the names of events, and would choose the host");
        assertThat(problem("http://app/a b"))
                .isEqualTo("holds blanks or other characters that must be percent-encoded");
        assertThat(problem("https://app/{@Microsoft.KeyVault(SecretUri=https://v/s)}"))
                .isEqualTo("holds an unknown '{@Microsoft.KeyVault(SecretUri=https://v...'; "
                        + "key vaults are not read, the file takes a secret from the environment with ${NAME}");
    }

    @Test
    void textThatIsNoList() {
        assertThat(Loading.dev().set("signalr.upstream=[{url: http://app/x").problems())
                .singleElement()
                .asString()
                .startsWith("--set: 'signalr.upstream' is not YAML: ");
        assertThat(Loading.dev()
                        .set("signalr.upstream=[{url: &a http://app/x}]")
                        .problems())
                .containsExactly("--set: 'signalr.upstream' YAML anchors (&name) are not read; write the value out");
        assertThat(Loading.dev().set("signalr.upstream=[{ulr: http://app/x}]").problems())
                .containsExactly("--set: 'signalr.upstream' item 1 has an unknown 'ulr'; did you mean 'url'?");
        assertThat(Loading.dev().set("signalr.upstream=" + "[".repeat(100_000)).problems())
                .containsExactly("--set: 'signalr.upstream' is not YAML: nested deeper than 32 levels");
    }

    @Test
    void secretsAreNeverShown() {
        assertThat(problem("http://ann:s3cret@app/x"))
                .isEqualTo("holds a user or password in front of its host; put a secret into the query");
        assertThat(problem("app/x?code=s3cret")).isEqualTo("must start with http:// or https://, but is 'app/x?***'");
        LoadedSettings loaded = Loading.dev()
                .set("signalr.upstream=[{url: 'http://app/x?code=s3cret&sig={event}', hubs: 'chat,news'}]")
                .load();
        assertThat(loaded.given())
                .singleElement()
                .hasToString("signalr.upstream = [{url: \"http://app/x?***\", hubs: \"chat,news\"}]  (--set)");
        assertThat(loaded.toString()).doesNotContain("s3cret");
    }

    private static List<Rule> rules(String yaml) {
        return Loading.dev()
                .env("CODE", "s3cret")
                .yaml(yaml)
                .load()
                .settings()
                .signalr()
                .upstream()
                .rules();
    }

    private static String problem(String url) {
        String start = "--set: 'signalr.upstream' item 1 'url' ";
        List<String> problems = Loading.dev().set("signalr.upstream=" + url).problems();
        assertThat(problems).as(url).hasSize(1);
        assertThat(problems.getFirst()).startsWith(start);
        return problems.getFirst().substring(start.length());
    }
}
