package io.tidewire.signalr;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.app.TestTidewire;
import io.tidewire.http.RawHttp;
import org.junit.jupiter.api.Test;

class AppServersTest {
    /** As the vendor's server SDK asks (server protocol reference, 1). */
    @Test
    void anAppServerIsToldThatThereIsServerlessModeOnly() {
        try (TestTidewire server = TestTidewire.start();
                TestTidewire.Rest rest = server.rest()) {
            double before = server.refused("AppServer");

            RawHttp.Answer answer = rest.call("GET", "/server/?hub=chat&cid=81d2a2b1-3c4f-4cdb-a2b6-2a8f3e1c9d10");

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.text()).isEqualTo("App servers cannot connect: only serverless mode is served so far.");
            assertThat(server.refused("AppServer")).isEqualTo(before + 1);
        }
    }
}
