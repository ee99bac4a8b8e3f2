package io.tidewire.config.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidewire.auth.KeySettings;
import io.tidewire.http.ListenSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypesTest {
    private static final Type<Duration> DURATION = new DurationType(Duration.ofMillis(1), Duration.ofHours(24));
    private static final Type<Integer> SIZE = new ByteSizeType(0, Integer.MAX_VALUE);
    private static final Type<ListenSettings> LISTEN = new ListenType();
    private static final Type<URI> ENDPOINT = new EndpointType();
    private static final Type<List<String>> ORIGINS = new OriginsType();
    private static final Type<String> KEY = new KeyType();

    @ParameterizedTest
    @CsvSource({
        "1ms,1,1ms",
        "1500ms,1500,1500ms",
        "15s,15000,15s",
        "15 S,15000,15s",
        "60s,60000,1m",
        "2m,120000,2m",
        "90m,5400000,90m",
        "1h,3600000,1h",
        "24h,86400000,24h"
    })
    void durations(String written, long millis, String printed) {
        assertThat(DURATION.parse(written)).isEqualTo(Duration.ofMillis(millis));
        assertThat(DURATION.print(Duration.ofMillis(millis))).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "15", "-1s", "1.5s", "PT15S", "1d", "s", "1 0s", "9999999999s", "٣s"})
    void noDurations(String written) {
        refused(DURATION, written, "must be a duration such as 500ms, 15s, 2m or 1h, but is '" + written + "'");
    }

    @Test
    void durationsOutOfBounds() {
        refused(DURATION, "0s", "must be between 1ms and 24h, but is '0s'");
        refused(DURATION, "999999999h", "must be between 1ms and 24h, but is '999999999h'");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,0",
        "1000,1000,1000",
        "512B,512,512",
        "64KiB,65536,64KiB",
        "64 kib,65536,64KiB",
        "1MiB,1048576,1MiB",
        "1536KiB,1572864,1536KiB",
        "1GiB,1073741824,1GiB"
    })
    void sizes(String written, int bytes, String printed) {
        assertThat(SIZE.parse(written)).isEqualTo(bytes);
        assertThat(SIZE.print(bytes)).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64KB", "1M", "-1", "1.5MiB", "MiB", "99999999999"})
    void noSizes(String written) {
        refused(SIZE, written, "must be a size such as 65536, 64KiB or 1MiB, but is '" + written + "'");
    }

    @Test
    void sizesOutOfBounds() {
        refused(SIZE, "2GiB", "must be between 0 and 2147483647, but is '2GiB'");
        refused(SIZE, "9999999999GiB", "must be between 0 and 2147483647, but is '9999999999GiB'");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:8888,0.0.0.0,8888",
        "localhost:0,localhost,0",
        "rt.example.com:65535,rt.example.com,65535",
        "[::1]:8900,::1,8900",
        "[::]:80,::,80",
        "[fe80::1%eth0]:80,fe80::1%eth0,80"
    })
    void addresses(String written, String host, int port) {
        assertThat(LISTEN.parse(written)).isEqualTo(new ListenSettings(host, port));
        assertThat(LISTEN.print(new ListenSettings(host, port))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "8888", ":8888", "localhost", "localhost:", "::1:8888", "a b:1", "http://a:1", "*:1", "a:-1"
            })
    void noAddresses(String written) {
        refused(LISTEN, written, "must be host:port such as 0.0.0.0:8888 or [::1]:8888, but is '" + written + "'");
    }

    @Test
    void addressesOutOfBounds() {
        refused(LISTEN, "a:65536", "must be a port between 0 and 65535 after the host, but is 'a:65536'");
        refused(LISTEN, "[1::2::3]:80", "must be an IPv6 address in brackets, then :port, but is '[1::2::3]:80'");
    }

    @Test
    void endpoints() {
        assertThat(ENDPOINT.parse("https://rt.example.com")).isEqualTo(URI.create("https://rt.example.com"));
        assertThat(ENDPOINT.parse("HTTP://RT.example.com:8443/")).isEqualTo(URI.create("http://rt.example.com:8443"));
        assertThat(ENDPOINT.parse("http://[::1]:8888")).isEqualTo(URI.create("http://[::1]:8888"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rt.example.com",
                "ftp://a",
                "https://",
                "https://a/path",
                "https://a?q",
                "https://a#f",
                "https://user@a",
                "https://a:99999",
                "https://a b",
                "mailto:a"
            })
    void noEndpoints(String written) {
        refused(
                ENDPOINT,
                written,
                "must be a URL such as https://rt.example.com, without a path, but is '" + written + "'");
    }

    @Test
    void origins() {
        assertThat(ORIGINS.parse(new Raw.Many(List.of("*")))).containsExactly("*");
        assertThat(ORIGINS.parse("")).isEmpty();
        refused(
                ORIGINS,
                "https://a.example,",
                "must hold '*' or origins such as https://app.example.com, but holds ''");
        refused(
                ORIGINS,
                "https://a.example/x",
                "must hold '*' or origins such as https://app.example.com, but holds 'https://a.example/x'");
    }

    @Test
    void keys() {
        String good = "k".repeat(32);
        assertThat(KEY.parse(good)).isEqualTo(good);
        assertThat(KEY.parse("ключключключключ")).hasSize(16);
        assertThat(KEY.print(good)).isEqualTo("***");
        assertThat(KEY.print(KeySettings.WELL_KNOWN)).isEqualTo("the well-known key");
        refused(
                KEY,
                "k".repeat(31),
                "must be at least 32 bytes long, but has 31; make a key with: openssl rand -base64 32");
        refused(
                KEY,
                good + "\n",
                "must not contain ';', white space or control characters; make a key with: openssl rand -base64 32");
        refused(
                KEY,
                good + ";",
                "must not contain ';', white space or control characters; make a key with: openssl rand -base64 32");
    }

    @Test
    void flagsAndCounts() {
        assertThat(new FlagType().parse(" True ")).isTrue();
        refused(new FlagType(), "yes", "must be true or false, but is 'yes'");
        assertThat(new CountType(-5, 5).parse("-5")).isEqualTo(-5);
        refused(new CountType(0, 5), "6", "must be between 0 and 5, but is '6'");
        refused(new CountType(0, 5), "1e3", "must be a whole number, but is '1e3'");
    }

    /** A value is repeated in errors, and may hold anything. */
    @Test
    void quotesFitIntoOneLine() {
        assertThat(Quote.of("a\r\nb\u001b[31mc\u202ed\u2028e\ud800")).isEqualTo("'a??b?[31mc?d?e?'");
        assertThat(Quote.of("é漢😀")).isEqualTo("'é漢😀'");
        assertThat(Quote.of("x".repeat(61))).isEqualTo("'" + "x".repeat(60) + "...'");
    }

    private static void refused(Type<?> type, String written, String why) {
        assertThatExceptionOfType(BadValue.class)
                .isThrownBy(() -> type.parse(written))
                .withMessage(why);
    }

    @Test
    void rangesOfAddresses() {
        var type = new AddressRangesType();
        assertThat(type.parse("loopback, 10.0.0.0/8,2001:db8::/32"))
                .containsExactly("loopback", "10.0.0.0/8", "2001:db8::/32");
        assertThat(type.parse("none")).isEmpty();
        for (String bad : List.of("10.0.0.0/33", "proxy.example.com", "10.0.0.0/", "::/129", "*")) {
            assertThatExceptionOfType(BadValue.class)
                    .isThrownBy(() -> type.parse(bad))
                    .withMessageContaining("must hold addresses, ranges such as 10.0.0.0/8 or 'loopback', but holds");
        }
    }

    @Test
    void noneIsHowAnEmptyListOfAllowedAddressesIsWritten() {
        var type = new AllowedAddressesType();
        assertThat(type.print(List.of())).isEqualTo("none");
        assertThat(type.parse("none")).isEmpty();
    }
}
