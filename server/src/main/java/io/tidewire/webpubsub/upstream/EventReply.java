package io.tidewire.webpubsub.upstream;

import io.tidewire.upstream.WebhookOutcome.Answered;
import io.tidewire.webpubsub.client.EventOutcome;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.InvalidContent;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a handler's answer to a user event is for the client (reference F.6). */
final class EventReply {
    private static final String METADATA = "x-webpubsub-metadata-";

    private EventReply() {}

    /**
     * Reads a successful answer.
     *
     * @throws InvalidContent when there is a body that cannot be passed on
     */
    static EventOutcome.Handled read(Answered answered) {
        var metadata = new Metadata.Builder();
        String contentType = "";
        for (Map.Entry<String, String> header : answered.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(METADATA)) {
                metadata.add(name.substring(METADATA.length()), last(header.getValue()));
            } else if (name.equals("content-type")) {
                contentType = header.getValue();
            }
        }
        Metadata told = metadata.build();
        byte[] body = answered.body();
        if (body.length == 0) {
            return new EventOutcome.Handled(told.isEmpty() ? null : Payload.EMPTY_TEXT, told);
        }
        return new EventOutcome.Handled(payload(contentType, body), told);
    }

    /** Of several values in one header the last one counts (reference C.3). */
    private static String last(String value) {
        return value.substring(value.lastIndexOf(',') + 1).strip();
    }

    private static Payload payload(String contentType, byte[] body) {
        String[] parts = contentType.split(";", -1);
        String type = parts[0].strip().toLowerCase(Locale.ROOT);
        DataType dataType = type.isEmpty()
                ? DataType.BINARY
                : List.of(DataType.values()).stream()
                        .filter(known -> known.mediaType().equals(type))
                        .findFirst()
                        .orElseThrow(() -> new InvalidContent("The content type of the answer must be text/plain, "
                                + "application/json, application/octet-stream or application/x-protobuf."));
        return Payload.checked(dataType, dataType == DataType.TEXT ? utf8(parts, body) : body);
    }

    private static byte[] utf8(String[] parts, byte[] body) {
        for (String part : parts) {
            String parameter = part.strip();
            if (parameter.regionMatches(true, 0, "charset=", 0, 8)) {
                String name = parameter.substring(8).replace("\"", "").strip();
                return name.equalsIgnoreCase("utf-8") ? body : converted(name, body);
            }
        }
        return body;
    }

    private static byte[] converted(String charset, byte[] body) {
        try {
            return Charset.forName(charset)
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException | CharacterCodingException unreadable) {
            throw new InvalidContent("The text of the answer cannot be read in its charset.");
        }
    }
}
