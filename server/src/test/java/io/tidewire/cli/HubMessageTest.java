package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubMessageTest {
    @Test
    void membersComeInAnyOrderAndUnknownOnesAreSkipped() {
        assertThat(HubMessage.parse("""
                {"extra":{"type":7,"a":[1]},"arguments":[ {"k" : [1e400, true]} , "x\\n", 1.10, -0, null ],
                 "target":"t","invocationId":"9","type":1}"""))
                .isEqualTo(new HubMessage.Invocation(
                        "t", List.of("{\"k\":[1e400,true]}", "\"x\\n\"", "1.10", "-0", "null"), "9"));
    }

    @Test
    void knowsTheOtherMessages() {
        assertThat(HubMessage.parse("{}")).isEqualTo(new HubMessage.Handshake(null));
        assertThat(HubMessage.parse("{\"error\":\"no\"}")).isEqualTo(new HubMessage.Handshake("no"));
        assertThat(HubMessage.parse("{\"type\":6}")).isEqualTo(new HubMessage.Other(6));
        assertThat(HubMessage.parse("{\"type\":7}")).isEqualTo(new HubMessage.Close(null, false));
        assertThat(HubMessage.parse("{\"type\":7,\"error\":\"e\",\"allowReconnect\":true}"))
                .isEqualTo(new HubMessage.Close("e", true));
        assertThat(HubMessage.parse("{\"type\":1,\"target\":5,\"arguments\":{\"a\":1},\"x\":1}"))
                .isEqualTo(new HubMessage.Invocation("", List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[1]", "{", "{\"type\":99999999999999}", "{\"arguments\":[1"})
    void anythingElseIsNoMessage(String text) {
        assertThat(HubMessage.parse(text)).isNull();
    }

    @Test
    void absurdNestingIsNoMessageAndNoCrash() {
        assertThat(HubMessage.parse("{\"type\":1,\"arguments\":" + "[".repeat(100_000)))
                .isNull();
    }
}
