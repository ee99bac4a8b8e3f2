package io.tidewire.bench.contestant;

import io.tidewire.bench.load.Requests;

/** A broadcast whose message has so many bytes in the hub protocol in JSON, separator included. */
final class SignalRMessage {
    private static final String TYPE = "\"type\":1,"; // what the server adds
    private static final String HEAD = "{\"target\":\"m\",\"arguments\":[\"";
    private static final String TAIL = "\"]}";

    private SignalRMessage() {}

    /** What is posted. */
    static String body(int bytes) {
        int separator = 1;
        return HEAD + Requests.text(bytes - TYPE.length() - HEAD.length() - TAIL.length() - separator) + TAIL;
    }
}
