package io.tidewire.service.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.http.RawHttp;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;

/** Calls a REST API. Every call has a connection of its own. */
public final class RestCaller {
    private final InetSocketAddress address;
    private final String authorization;

    /**
     * A caller with a token.
     *
     * @param token good for all calls
     */
    public RestCaller(InetSocketAddress address, String token) {
        this.address = address;
        this.authorization = "Authorization: Bearer " + token;
    }

    /** A call with a token and without a body. */
    public RawHttp.Answer call(String method, String target, String... headers) {
        var all = new String[headers.length + 1];
        all[0] = authorization;
        System.arraycopy(headers, 0, all, 1, headers.length);
        return callAsIs(method, target, all);
    }

    /** A call with just these headers and no body. */
    public RawHttp.Answer callAsIs(String method, String target, String... headers) {
        try (RawHttp http = RawHttp.connect(address)) {
            http.request(method, target, headers);
            return method.equals("HEAD") ? headOnly(http) : http.read();
        }
    }

    /** Whatever followed the head of the answer would come before the answer to the next request. */
    private static RawHttp.Answer headOnly(RawHttp http) {
        RawHttp.Answer answer = http.readHead();
        assertThat(http.get("/openapi/none").read().status())
                .as("nothing behind the head")
                .isEqualTo(404);
        return answer;
    }

    /**
     * A POST with a token.
     *
     * @param headers besides those of every request
     */
    public RawHttp.Answer post(String target, byte[] body, String... headers) {
        try (RawHttp http = RawHttp.connect(address)) {
            return http.send(request("POST", target, body, headers)).read();
        }
    }

    /** A request as bytes, to send several at once. */
    public byte[] request(String method, String target, byte[] body, String... headers) {
        var bytes = new ByteArrayOutputStream();
        var head =
                new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + authorization + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        bytes.writeBytes(head.toString().getBytes(UTF_8));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    /** The header line with the token. */
    public String authorization() {
        return authorization;
    }

    /** Success with nothing to say. */
    public static void assertDone(RawHttp.Answer answer, int status) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.text()).isEmpty();
        assertThat(answer.header("Content-Length")).isEqualTo(status == 204 ? null : "0");
        assertThat(answer.header("Content-Type")).isNull();
        assertThat(answer.header("x-ms-error-code")).isNull();
    }
}
