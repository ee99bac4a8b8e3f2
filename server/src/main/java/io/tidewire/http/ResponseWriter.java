package io.tidewire.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns a {@link Response} into what the encoder writes, with the headers that are the server's to set. */
final class ResponseWriter {
    private record Clock(long second, AsciiString date) {}

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    /** Shared by all loops; two that renew it at once do the same work twice, no more. */
    private static volatile Clock clock = new Clock(0, AsciiString.EMPTY_STRING);

    private ResponseWriter() {}

    /**
     * A whole answer.
     *
     * @param head whether the request was a HEAD: the headers of the answer, {@code Content-Length} included, without the body
     * @param keepAlive whether the connection stays
     * @param http10 whether the peer must be told that it stays
     * @throws IllegalArgumentException when a header is not valid, for example has a line break
     */
    static FullHttpResponse whole(Response response, boolean head, boolean keepAlive, boolean http10) {
        HttpHeaders headers = headers(response.headers());
        if (!response.headers().isEmpty()) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
            headers.remove(HttpHeaderNames.CONNECTION);
        }
        int status = response.status();
        boolean bodiless = isBodiless(status);
        if (!bodiless) {
            int length = response.body().length;
            headers.add(HttpHeaderNames.CONTENT_LENGTH, length == 0 ? HttpHeaderValues.ZERO : Integer.toString(length));
        }
        if (!keepAlive) {
            headers.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            headers.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        ByteBuf body = head || bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body());
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body, headers, EmptyHttpHeaders.INSTANCE);
    }

    /** Whether answers of this status have no body, and no length of one (RFC 9110, 6.4.1 and 8.6). */
    static boolean isBodiless(int status) {
        return status < 200 || status == 204 || status == 304;
    }

    /** The head alone, for leaving HTTP: what follows on the connection is no longer written here. */
    static HttpResponse upgrade(Response response) {
        HttpHeaders headers = headers(response.headers());
        if (response.status() == 101 && !headers.contains(HttpHeaderNames.CONNECTION)) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        }
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), headers);
    }

    /**
     * The head of a stream: chunked, or up to the end of the connection for a peer that does not know chunks.
     *
     * @throws IllegalArgumentException when a header is not valid
     */
    static HttpResponse stream(Response response, boolean keepAlive, boolean http10) {
        HttpHeaders headers = headers(response.headers());
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        headers.remove(HttpHeaderNames.CONNECTION);
        if (!http10) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), headers);
    }

    private static HttpHeaders headers(List<Map.Entry<String, String>> entries) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.add(HttpHeaderNames.DATE, date());
        for (int i = 0; i < entries.size(); i++) {
            headers.add(entries.get(i).getKey(), entries.get(i).getValue());
        }
        return headers;
    }

    /** RFC 9110, 6.6.1; formatted once a second, and the same instance until then. */
    static AsciiString date() {
        long now = System.currentTimeMillis();
        Clock last = clock;
        if (last.second() != now / 1000) {
            last = new Clock(now / 1000, AsciiString.of(DATE.format(Instant.ofEpochMilli(now))));
            clock = last;
        }
        return last.date();
    }
}
