package io.tidewire.signalr.protocol;

import io.tidewire.service.protocol.JsonScanner;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.Value;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Independent readers of both encodings, to compare ours with: Jackson and msgpack-core. */
final class Trees {
    /** What JSON's null and MessagePack's nil read as, so that trees hold no null. */
    static final Object NULL = new Object() {
        @Override
        public String toString() {
            return "null";
        }
    };

    private static final JsonFactory JACKSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(HubProtocol.MAX_DEPTH)
                    .maxNumberLength(JsonScanner.MAX_NUMBER_LENGTH)
                    .build())
            .build();

    private Trees() {}

    /** Numbers are read as {@link BigDecimal}, so their scale tells how they were written. */
    static Object json(byte[] text) {
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            Object tree = json(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("more than one value");
            }
            return tree;
        }
    }

    private static Object json(JsonParser parser) {
        @Nullable JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IllegalArgumentException("no value");
        }
        return switch (token) {
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(json(parser));
                }
                yield list;
            }
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(String.valueOf(name), json(parser));
                }
                yield map;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new BigDecimal(parser.getString());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> NULL;
            default -> throw new IllegalArgumentException(token.name());
        };
    }

    /** Whole numbers as {@link java.math.BigInteger}, others as Double. */
    static Object messagePack(byte[] bytes) throws IOException {
        try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(bytes)) {
            Value value = unpacker.unpackValue();
            if (unpacker.hasNext()) {
                throw new IOException("more than one value");
            }
            return messagePack(value);
        }
    }

    private static Object messagePack(Value value) {
        return switch (value.getValueType()) {
            case NIL -> NULL;
            case BOOLEAN -> value.asBooleanValue().getBoolean();
            case INTEGER -> value.asIntegerValue().asBigInteger();
            case FLOAT -> value.asFloatValue().toDouble();
            case STRING -> value.asStringValue().asString();
            case BINARY -> value.asBinaryValue().asByteArray();
            case EXTENSION -> value.asExtensionValue();
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                value.asArrayValue().forEach(element -> list.add(messagePack(element)));
                yield list;
            }
            case MAP -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                value.asMapValue().entrySet().forEach(e -> map.put(messagePack(e.getKey()), messagePack(e.getValue())));
                yield map;
            }
        };
    }
}
