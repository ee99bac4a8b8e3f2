package io.tidewire.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Row B20: which URLs are called at all, and whom they reach. */
class TargetTest {
    @ParameterizedTest
    @CsvSource({
        "http://app:7071/x, http://app:7071",
        "HTTP://App/x, http://app",
        "https://app:443/x, https://app",
        "http://app:80, http://app",
        "https://app:80, https://app:80",
        "http://app:/x, http://app",
        "http://my_app.local:1/, http://my_app.local:1",
        "http://app./, http://app.",
        "http://127.0.0.1:8080/, http://127.0.0.1:8080",
        "http://[::1]:8080/, http://[::1]:8080",
        "http://[FD00::1]/, http://[fd00::1]"
    })
    void whomAUrlReaches(String url, String target) throws Exception {
        assertThat(Target.of(URI.create(url))).hasToString(target);
    }

    @Test
    void addressesAreReadAndNamesAreNot() throws Exception {
        assertThat(Target.of(URI.create("http://127.0.0.1/")).literal()).isNotNull();
        assertThat(Target.of(URI.create("http://[::1]/")).literal()).isNotNull();
        assertThat(Target.of(URI.create("http://127.0.0.1.nip.io/")).literal()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "ftp://app/x",
                "gopher://app/x",
                "jar:http://app/x",
                "app:7071/x",
                "/x",
                "//app/x",
                "http:app",
                "http:///x",
                "http://user:password@app/",
                "http://app@127.0.0.1/",
                "http://@app/",
                "http://app:0/",
                "http://app:65536/",
                "http://app:99999999999/",
                "http://app:-1/",
                "http://app:x/",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.0.0.1/",
                "http://0177.0.0.1/",
                "http://017700000001/",
                "http://127.1/",
                "http://127.0.1/",
                "http://127.0.0.1./",
                "http://127.0.0.0x1/",
                "http://256.1.1.1/",
                "http://1.2.3.4.5/",
                "http://app..internal/",
                "http://-app/",
                "http://app%2einternal/"
            })
    void urlsThatAreNotCalled(String url) {
        assertThatExceptionOfType(Target.Denied.class).isThrownBy(() -> Target.of(URI.create(url)));
    }

    @ParameterizedTest
    @CsvSource({
        "http://app:7071/a/b?code=secret#part, http://app:7071/a/b",
        "http://user:secret@app/a, http://app/a",
        "http://user:se@cret@app/a, http://app/a",
        "http://app, http://app"
    })
    void whatIsShownHoldsNoSecret(String url, String shown) {
        assertThat(Words.of(URI.create(url))).isEqualTo(shown);
    }
}
