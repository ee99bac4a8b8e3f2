package io.tidewire.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Collects an answer as it comes, up to the limit. A declared length is not believed: memory is taken for bytes that are there.
 * The client calls it on one thread.
 */
final class ReplyReader implements AsyncResponseConsumer<Ending.Reply> {
    /** The body goes on beyond the limit. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("too large");
        }
    }

    private final int maxBytes;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private int status;
    private List<Map.Entry<String, String>> headers = List.of();
    private @Nullable FutureCallback<Ending.Reply> result;
    private Ending.@Nullable Reply reply;

    ReplyReader(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            @Nullable EntityDetails entity,
            HttpContext context,
            FutureCallback<Ending.Reply> callback) {
        status = response.getCode();
        headers = headers(response);
        result = callback;
        if (entity == null) {
            complete();
        }
    }

    private static List<Map.Entry<String, String>> headers(HttpResponse response) {
        var headers = new ArrayList<Map.Entry<String, String>>();
        for (Header header : response.getHeaders()) {
            headers.add(Map.entry(header.getName(), header.getValue() == null ? "" : header.getValue()));
        }
        return List.copyOf(headers);
    }

    /** Hints, such as 100 and 103. */
    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {}

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer bytes) throws IOException {
        if (bytes.remaining() > maxBytes - body.size()) {
            throw new TooLarge();
        }
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        body.writeBytes(piece);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        complete();
    }

    private void complete() {
        reply = new Ending.Reply(status, headers, body.toByteArray());
    }

    @Override
    public void failed(Exception cause) {
        if (result != null && reply == null) {
            result.failed(cause);
        }
    }

    /** Called when the connection is back in the pool: told earlier, the next call would open another one. */
    @Override
    public void releaseResources() {
        if (result != null && reply != null) {
            result.completed(reply);
        }
    }
}
