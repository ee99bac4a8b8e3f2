package io.tidewire.signalr.protocol;

import io.tidewire.service.protocol.ByteOutput;
import io.tidewire.service.protocol.JsonNumber;
import io.tidewire.service.protocol.JsonScanner;
import io.tidewire.service.protocol.JsonStrings;
import java.util.Arrays;

/**
 * Converts JSON text to MessagePack in two passes and without a tree: MessagePack wants the number of entries in front of
 * them, so the first pass counts and the second one writes.
 *
 * <p>Whole numbers become the smallest integer that holds them, up to unsigned 64 bits; larger ones, and all that are
 * written with a fraction or an exponent, become a float64 (beyond its range: infinity). Objects become maps with string
 * keys, in order, duplicates included. {@code -0} becomes 0.
 *
 * <p>Reads what {@link JsonScanner} has accepted; at most about 2.3 bytes come out per byte of text.
 */
final class JsonToMessagePack {
    private final byte[] json;
    private final int from;
    private final int to;

    /** The number of entries of each container, in the order in which they open. */
    private int[] counts = new int[16];

    private JsonToMessagePack(byte[] json, int from, int to) {
        this.json = json;
        this.from = from;
        this.to = to;
    }

    static void convert(byte[] json, int from, int to, ByteOutput out) {
        JsonToMessagePack conversion = new JsonToMessagePack(json, from, to);
        conversion.count();
        conversion.write(out);
    }

    private void count() {
        int[] open = new int[HubProtocol.MAX_DEPTH + 1];
        int depth = 0;
        int opened = 0;
        int i = from;
        while (i < to) {
            switch (json[i]) {
                case '[', '{' -> {
                    sawEntry(open, depth);
                    if (opened == counts.length) {
                        counts = Arrays.copyOf(counts, opened * 2);
                    }
                    open[++depth] = opened++;
                    i++;
                }
                case ']', '}' -> {
                    depth--;
                    i++;
                }
                case ',' -> {
                    counts[open[depth]]++;
                    i++;
                }
                case ' ', '\n', '\r', '\t', ':' -> i++;
                case '"' -> {
                    sawEntry(open, depth);
                    i = afterString(i);
                }
                default -> {
                    sawEntry(open, depth);
                    i = afterWord(i);
                }
            }
        }
    }

    /** Commas separate entries, so there is one more than commas as soon as there is any. */
    private void sawEntry(int[] open, int depth) {
        if (depth > 0 && counts[open[depth]] == 0) {
            counts[open[depth]] = 1;
        }
    }

    private void write(ByteOutput out) {
        MessagePackWriter writer = new MessagePackWriter(out);
        int opened = 0;
        int i = from;
        while (i < to) {
            switch (json[i]) {
                case '[' -> {
                    writer.arrayHeader(counts[opened++]);
                    i++;
                }
                case '{' -> {
                    writer.mapHeader(counts[opened++]);
                    i++;
                }
                case ']', '}', ',', ' ', '\n', '\r', '\t', ':' -> i++;
                case '"' -> {
                    int next = afterString(i);
                    string(writer, out, i + 1, next - 1);
                    i = next;
                }
                case 'n' -> {
                    writer.nil();
                    i += 4;
                }
                case 't' -> {
                    writer.bool(true);
                    i += 4;
                }
                case 'f' -> {
                    writer.bool(false);
                    i += 5;
                }
                default -> {
                    int next = afterWord(i);
                    number(writer, JsonNumber.read(json, i, next));
                    i = next;
                }
            }
        }
    }

    private void string(MessagePackWriter writer, ByteOutput out, int textFrom, int textTo) {
        int length = JsonStrings.unescapedLength(json, textFrom, textTo);
        writer.stringHeader(length);
        if (length == textTo - textFrom) {
            out.put(json, textFrom, length); // an escape always shortens, so there is none
        } else {
            int at = out.reserve(length);
            JsonStrings.unescape(json, textFrom, textTo, out.array(), at);
        }
    }

    private static void number(MessagePackWriter writer, JsonNumber number) {
        switch (number.kind()) {
            case LONG -> writer.integer(number.bits());
            case UNSIGNED_LONG -> writer.unsigned(number.bits());
            case DOUBLE -> writer.doubleBits(number.bits());
        }
    }

    private int afterString(int quote) {
        int i = quote + 1;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private int afterWord(int word) {
        int i = word + 1;
        while (i < to && json[i] > ' ' && json[i] != ',' && json[i] != ']' && json[i] != '}') {
            i++;
        }
        return i;
    }
}
