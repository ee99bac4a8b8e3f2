package io.tidewire.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static final String SECRET = "eyJhbGciOi.SECRET-_";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "access_token=%s",
                "hub=a&access_token=%s&id=1",
                "ACCESS_TOKEN=%s",
                "awps_connection_id=1&AWPS_reconnection_token=%s",
                "access%%5Ftoken=%s",
                "%%61ccess_token=%s",
                "+access_token=%s",
                "access_token=%s=%s",
                "access_token=a&access_token=%s",
                "a%%ccess_token%%=%s",
            })
    void queries(String template) {
        String masked =
                Redaction.target("/client/", template.replace("%s", SECRET).replace("%%", "%"));
        assertThat(masked).doesNotContain("SECRET").contains("=***").startsWith("/client/?");
    }

    @Test
    void theRestOfAQueryStays() {
        assertThat(Redaction.query("a=1&access_token=x&&flag&=b&c=%20"))
                .isEqualTo("a=1&access_token=***&&flag&=b&c=%20");
        assertThat(Redaction.target("/p", "")).isEqualTo("/p");
    }

    @Test
    void headers() {
        assertThat(Redaction.header("AUTHORIZATION", "Bearer " + SECRET)).isEqualTo("***");
        assertThat(Redaction.header("Cookie", SECRET)).isEqualTo("***");
        assertThat(Redaction.header("Referer", "http://a/?access_token=" + SECRET))
                .isEqualTo("http://a/?access_token=***");
        assertThat(Redaction.header("Host", "example.com")).isEqualTo("example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /client/?access_token=%s HTTP/1.1",
                "Authorization: Bearer %s",
                "bearer %s, bearer %s",
                "{\"token\":\"%s\"}",
                "url was \"ws://a/?id=1&Access_Token=%s\"",
                "GET /client/hubs/h?awps_connection_id=1&awps_reconnection_token=%s HTTP/1.1",
            })
    void text(String template) {
        assertThat(Redaction.text(template.replace("%s", SECRET)))
                .doesNotContain("SECRET")
                .contains("***");
    }

    @Test
    void tracesWithTheirCauses() {
        var failure = new IllegalStateException("outer", new IllegalArgumentException("/?access_token=" + SECRET));
        assertThat(Redaction.trace(failure))
                .contains("outer", "IllegalArgumentException", "access_token=***")
                .doesNotContain("SECRET");
    }
}
