package io.tidewire.signalr.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.service.upstream.NamesSettings;
import io.tidewire.service.upstream.UrlTemplate;
import io.tidewire.signalr.upstream.UpstreamSettings.Rule;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which upstream hears of an event, and under which URL (reference E.1, J 13). */
class UpstreamRulesTest {
    private static Rule rule(String url, String hubs, String categories, String events) {
        return new Rule(url, names(hubs), names(categories), names(events));
    }

    private static NamesSettings names(String pattern) {
        return NamesSettings.of(List.of(pattern.split(",")));
    }

    private static String target(Event event, Rule... rules) {
        return new Rules(List.of(rules))
                .find(event)
                .map(url -> String.valueOf(event.url(url)))
                .orElse("nobody");
    }

    @Test
    void theFirstRuleWhosePatternsAllMatch() {
        Rule[] rules = {
            rule("http://a/1", "chat", "connections", "*"),
            rule("http://a/2", "news,chat", "messages", "send, say"),
            rule("http://a/3", "chat", "*", "*"),
            rule("http://a/4", "chat", "*", "*")
        };
        assertThat(target(Event.connected("chat"), rules)).isEqualTo("http://a/1");
        assertThat(target(Event.message("chat", "say"), rules)).isEqualTo("http://a/2");
        assertThat(target(Event.message("news", "send"), rules)).isEqualTo("http://a/2");
        assertThat(target(Event.message("chat", "connected"), rules)).isEqualTo("http://a/3");
        assertThat(target(Event.message("news", "other"), rules)).isEqualTo("nobody");
        assertThat(target(Event.connected("news"), rules)).isEqualTo("nobody");
    }

    @Test
    void hubsAndCategoriesIgnoreCase() {
        Rule rule = rule("http://a/1", "Chat", "Messages", "*");
        assertThat(target(Event.message("chat", "x"), rule)).isEqualTo("http://a/1");
        assertThat(target(Event.connected("chat"), rule)).isEqualTo("nobody");
    }

    @Test
    void eventsAreComparedExactlyFirst() {
        Rule lower = rule("http://a/lower", "*", "*", "send");
        Rule upper = rule("http://a/upper", "*", "*", "Send");
        assertThat(target(Event.message("chat", "Send"), lower, upper)).isEqualTo("http://a/upper");
        assertThat(target(Event.message("chat", "send"), lower, upper)).isEqualTo("http://a/lower");
        assertThat(target(Event.message("chat", "SEND"), lower, upper)).isEqualTo("http://a/lower");
        assertThat(target(Event.message("chat", "sends"), lower, upper)).isEqualTo("nobody");
    }

    @Test
    void nothingMatchesNothing() {
        Rule rule = new Rule("http://a/1", NamesSettings.ANY, NamesSettings.ANY, NamesSettings.NONE);
        assertThat(target(Event.message("chat", ""), rule)).isEqualTo("nobody");
    }

    @Test
    void parametersStandAnywhere() {
        assertThat(target(
                        Event.message("app_chat", "Send me"),
                        rule(
                                "https://app/api/{category}/{hub}-{event}?code=a%2Fb&e={event}&{hub}={event}",
                                "*", "*", "*")))
                .isEqualTo("https://app/api/messages/app_chat-Send%20me?code=a%2Fb&e=Send%20me&app_chat=Send%20me");
        assertThat(target(Event.connected("chat"), rule("http://{hub}.internal:81/{event}", "*", "*", "*")))
                .isEqualTo("http://chat.internal:81/connected");
    }

    /** Clients choose these names. */
    @ParameterizedTest
    @CsvSource({
        "a/b, a%2Fb",
        "../admin, ..%2Fadmin",
        "'..\\admin', ..%5Cadmin",
        "a?b=c&d#e, a%3Fb%3Dc%26d%23e",
        "@evil.com, %40evil.com",
        "a%2fb, a%252fb",
        "{hub}, %7Bhub%7D",
        "é😀, %C3%A9%F0%9F%98%80",
        "'a\r\nX: y', a%0D%0AX%3A%20y",
        "a:b;c, a%3Ab%3Bc",
        "..., ..."
    })
    void namesAreEncoded(String name, String encoded) {
        assertThat(target(Event.message("chat", name), rule("http://app/x/{event}/y?e={event}", "*", "*", "*")))
                .isEqualTo("http://app/x/" + encoded + "/y?e=" + encoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void noNameStepsUpInThePath(String name) {
        assertThat(target(Event.message("chat", name), rule("http://app/x/{event}/y", "*", "*", "*")))
                .isEqualTo("null");
        assertThat(target(Event.message("chat", "."), rule("http://app/x/.{event}", "*", "*", "*")))
                .isEqualTo("null");
        assertThat(target(Event.message("chat", name), rule("http://app/x?e={event}", "*", "*", "*")))
                .isEqualTo("http://app/x?e=" + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.com", "a_b", "a[1]", "a,b"})
    void noHubChangesTheHost(String hub) {
        assertThat(target(Event.connected(hub), rule("http://{hub}.app/x", "*", "*", "*")))
                .isEqualTo("null");
        assertThat(target(Event.connected(hub), rule("http://{hub}/x", "*", "*", "*")))
                .isEqualTo("null");
    }

    @Test
    void aUrlIsBounded() {
        Rule rule = rule("http://app/{event}", "*", "*", "*");
        String fits = "x".repeat(UrlTemplate.MAX_URL - "http://app/".length());
        assertThat(target(Event.message("chat", fits), rule)).isEqualTo("http://app/" + fits);
        assertThat(target(Event.message("chat", fits + "x"), rule)).isEqualTo("null");
        assertThat(target(Event.message("chat", "x".repeat(1_000_000)), rule("http://app/x", "*", "*", "*")))
                .isEqualTo("null");
    }

    @Test
    void whatIsShownHasNoQuery() {
        assertThat(rule("http://app/{event}?code=s3cret", "*", "*", "*").toString())
                .isEqualTo("Rule[http://app/{event}?***, hubs=*, categories=*, events=*]");
        assertThat(UrlTemplate.shown(URI.create("http://u:p@app/x").toString())).isEqualTo("http://***@app/x");
    }
}
