package io.tidewire.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnvironmentProblemsTest {
    @Test
    void unknownVariables() {
        assertThat(Loading.dev()
                        .env("TIDEWIRE_SIGNALR_LISEN", "x")
                        .env("TIDEWIRE_WEBPUBSUB_KEYS_PRIMRAY", "secret")
                        .env("TIDEWIRE_LOGLEVEL", "debug")
                        .env("PATH", "/bin")
                        .problems())
                .containsExactly(
                        "unknown variable 'TIDEWIRE_LOGLEVEL'; did you mean 'TIDEWIRE_LOG_LEVEL'?",
                        "unknown variable 'TIDEWIRE_SIGNALR_LISEN'; did you mean 'TIDEWIRE_SIGNALR_LISTEN'?",
                        "unknown variable 'TIDEWIRE_WEBPUBSUB_KEYS_PRIMRAY'; did you mean 'TIDEWIRE_WEBPUBSUB_KEYS_PRIMARY'?");
    }

    @Test
    void badValuesNameTheVariable() {
        assertThat(Loading.dev()
                        .env("TIDEWIRE_SIGNALR_LISTEN", "8888")
                        .env("TIDEWIRE_SIGNALR_KEYS_PRIMARY", "secret")
                        .env("TIDEWIRE_LOG_LEVEL", "loud")
                        .problems())
                .containsExactly(
                        "TIDEWIRE_LOG_LEVEL: must be one of error, warn, info, debug, trace, but is 'loud'",
                        "TIDEWIRE_SIGNALR_KEYS_PRIMARY: 'signalr.keys.primary' must be at least 32 bytes long, but has 6; "
                                + "make a key with: openssl rand -base64 32",
                        "TIDEWIRE_SIGNALR_LISTEN: 'signalr.listen' must be host:port such as 0.0.0.0:8888 or [::1]:8888, "
                                + "but is '8888'");
    }

    @Test
    void variablesThatAreNoSettings() {
        assertThat(Loading.dev()
                        .env("TIDEWIRE_CONFIG", "")
                        .env("TIDEWIRE_JAVA_HOME", "/opt/jdk")
                        .env("TIDEWIRE_JAVA_OPTS", "-Xmx1g")
                        .env("TIDEWIRE_LOG_FORMAT", "JSON")
                        .env("TIDEWIRE_LOG_LEVEL", "debug")
                        .env("TIDEWIRE_NO_AOT", "1")
                        .env("TIDEWIRE_NO_BUILD", "1")
                        .problems())
                .isEmpty();
    }

    /** A Service that is named tidewire puts these into every pod of its namespace, also into Tidewire's own. */
    @Test
    void serviceLinksOfKubernetesAreNoMistakes() {
        assertThat(Loading.dev()
                        .env("TIDEWIRE_SERVICE_HOST", "10.0.0.1")
                        .env("TIDEWIRE_SERVICE_PORT", "8888")
                        .env("TIDEWIRE_SERVICE_PORT_HTTP", "8888")
                        .env("TIDEWIRE_PORT", "tcp://10.0.0.1:8888")
                        .env("TIDEWIRE_PORT_8888_TCP", "tcp://10.0.0.1:8888")
                        .env("TIDEWIRE_PORT_8888_TCP_ADDR", "10.0.0.1")
                        .env("TIDEWIRE_SIGNALR_PORT_8888_TCP_PROTO", "tcp")
                        .problems())
                .isEmpty();
        assertThat(Catalogue.all()).noneMatch(setting -> EnvironmentSource.isServiceLink(setting.environmentName()));
    }

    @Test
    void commandLine() {
        assertThat(Loading.dev()
                        .set("signalr.lisen=x", "network.threads", "=5", "network.threads=-1", "auth.leeway=")
                        .problems())
                .containsExactly(
                        "--set: unknown setting 'signalr.lisen'; did you mean 'signalr.listen'?",
                        "--set: 'network.threads' must be key=value",
                        "--set: '=5' must be key=value",
                        "--set: 'network.threads' must be between 0 and 1024, but is '-1'",
                        "--set: 'auth.leeway' must be a duration such as 500ms, 15s, 2m or 1h, but is ''");
    }

    /** What is overridden is still checked: it would surprise on the day the override goes. */
    @Test
    void overriddenValuesAreCheckedToo() {
        assertThat(Loading.dev()
                        .env("TIDEWIRE_NETWORK_THREADS", "two")
                        .set("network.threads=2")
                        .problems())
                .containsExactly("TIDEWIRE_NETWORK_THREADS: 'network.threads' must be a whole number, but is 'two'");
    }
}
