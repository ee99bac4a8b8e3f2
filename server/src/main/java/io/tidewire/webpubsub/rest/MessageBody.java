package io.tidewire.webpubsub.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.tidewire.http.Problem;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.ProtocolViolation;
import io.tidewire.service.rest.RestCall;
import io.tidewire.webpubsub.protocol.DataType;
import io.tidewire.webpubsub.protocol.InvalidContent;
import io.tidewire.webpubsub.protocol.Metadata;
import io.tidewire.webpubsub.protocol.Payload;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a send operation is to send (reference C.3): the data from the body, metadata from the headers. */
final class MessageBody {
    private static final String METADATA = "x-webpubsub-metadata-";

    private MessageBody() {}

    /**
     * The data.
     *
     * @param contentType one of those that the route takes, with or without parameters; null for binary
     * @param body may be kept
     * @throws Problem 400 for what is not of that type
     */
    static Payload payload(@Nullable String contentType, byte[] body) {
        if (contentType == null) {
            return new Payload(DataType.BINARY, body);
        }
        var mediaType = MediaType.parse(contentType);
        for (DataType type : DataType.values()) {
            if (type.mediaType().equals(mediaType.type())) {
                return switch (type) {
                    case JSON -> json(inUtf8(body, mediaType.charset()));
                    case TEXT -> checked(type, inUtf8(body, mediaType.charset()));
                    case BINARY, PROTOBUF -> checked(type, body);
                };
            }
        }
        throw new Problem(415, RestCall.INVALID, "The Content-Type is not supported.");
    }

    private static Payload json(byte[] body) {
        try {
            JsonScanner.checkItem(body);
        } catch (ProtocolViolation violation) {
            throw new Problem(
                    400, RestCall.INVALID, "The request body is not a valid JSON. " + violation.message() + ".");
        }
        return new Payload(DataType.JSON, body);
    }

    private static Payload checked(DataType type, byte[] body) {
        try {
            return Payload.checked(type, body);
        } catch (InvalidContent invalid) {
            throw new Problem(400, RestCall.INVALID, "The request body is not valid. " + invalid.message());
        }
    }

    private static byte[] inUtf8(byte[] text, @Nullable String charset) {
        if (charset == null || charset.equalsIgnoreCase("utf-8")) {
            return text;
        }
        CharBuffer characters;
        try {
            characters = Charset.forName(charset).newDecoder().decode(ByteBuffer.wrap(text));
        } catch (IllegalArgumentException unknown) {
            throw RestCall.invalid("Content-Type", "The charset of the Content-Type is not known.");
        } catch (CharacterCodingException malformed) {
            throw new Problem(
                    400,
                    RestCall.INVALID,
                    "The request body is not valid. It is not in the charset of its Content-Type.");
        }
        return characters.toString().getBytes(UTF_8);
    }

    /**
     * The metadata; of a repeated header the last one counts, of values with commas what is behind the last.
     *
     * @throws Problem 400 when it is beyond a limit
     */
    static Metadata metadata(HttpHeaders headers) {
        Metadata.Builder metadata = null;
        // As they are kept: most are none of these, and need not become strings.
        var all = headers.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            if (AsciiString.regionMatches(header.getKey(), true, 0, METADATA, 0, METADATA.length())) {
                metadata = metadata == null ? new Metadata.Builder() : metadata;
                String name = header.getKey().toString();
                String value = header.getValue().toString();
                try {
                    metadata.add(
                            name.substring(METADATA.length()),
                            value.substring(value.lastIndexOf(',') + 1).strip());
                } catch (InvalidContent invalid) {
                    throw RestCall.invalid(name.toLowerCase(Locale.ROOT), invalid.message());
                }
            }
        }
        return metadata == null ? Metadata.NONE : metadata.build();
    }
}
