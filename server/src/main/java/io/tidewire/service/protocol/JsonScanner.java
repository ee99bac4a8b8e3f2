package io.tidewire.service.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Reads an envelope of known members out of JSON text and checks everything else in passing. No tree and no copies: what is
 * not asked for costs no memory, and every byte is looked at once.
 *
 * <p>Strict RFC 8259. Refused besides: invalid UTF-8, an escaped surrogate without its other half, a number longer than
 * {@value #MAX_NUMBER_LENGTH} characters, and nesting deeper than {@link #MAX_DEPTH}. Whatever is refused is a
 * {@link ProtocolViolation} that names the position, counted from the start of the text.
 *
 * <p>One use, one thread. The caller walks: {@link #beginObject()}, {@link #nextMember} until {@link #END}, and for each
 * member exactly one of the methods that read a value; at last {@link #end()}.
 */
public final class JsonScanner {
    public static final int MAX_NUMBER_LENGTH = 1_000;

    /** Containers inside each other. */
    public static final int MAX_DEPTH = 64;

    /** From {@link #nextMember}: the object is over. */
    public static final int END = -1;
    /** From {@link #nextMember}: a member whose name is not in the table. */
    public static final int OTHER = Names.OTHER;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;
    private int depth;
    /** Bit {@code depth - 1}: whether that level is an object. */
    private long objects;
    /** Whether the open container has had no entry yet. */
    private boolean first;

    private int stringFrom;
    private int stringTo;
    private boolean escaped;

    public JsonScanner(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.at = start;
    }

    /** The index in the array of the next unread byte. */
    public int position() {
        return at;
    }

    /** Skips white space and returns the byte that the next token starts with; 0 at the end of the text. */
    public byte peek() {
        while (at < end) {
            byte b = bytes[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b;
            }
            at++;
        }
        return 0;
    }

    public void beginObject() {
        if (peek() != '{') {
            throw expected("an object");
        }
        open(true);
        first = true;
    }

    public void beginArray() {
        if (peek() != '[') {
            throw expected("an array");
        }
        open(false);
        first = true;
    }

    /**
     * Steps to the value of the next member of the open object.
     *
     * @param names the names to know, plain ASCII
     * @return the index in {@code names}, {@link #OTHER} or {@link #END}
     */
    public int nextMember(String[] names, boolean ignoreCase) {
        if (!nextEntry('}')) {
            return END;
        }
        memberName();
        return find(names, ignoreCase);
    }

    /** Looks the last string up. */
    private int find(String[] names, boolean ignoreCase) {
        int from = stringFrom;
        int to = stringTo;
        byte[] text = bytes;
        if (escaped) {
            text = new byte[to - from];
            to = JsonStrings.unescape(bytes, from, to, text, 0);
            from = 0;
        }
        return Names.indexOf(names, text, from, to, ignoreCase);
    }

    /** The name of the next member of the open object, whose value comes next; null at its end. For objects whose names are data. */
    public @Nullable String nextName() {
        if (!nextEntry('}')) {
            return null;
        }
        memberName();
        return JsonStrings.decode(bytes, stringFrom, stringTo, escaped);
    }

    /** Whether the open array has one more element, whose value comes next. */
    public boolean nextElement() {
        return nextEntry(']');
    }

    private boolean nextEntry(char close) {
        byte b = peek();
        if (b == close) {
            at++;
            depth--;
            first = false;
            return false;
        }
        if (!first) {
            if (b != ',') {
                throw expected("',' or '" + close + "'");
            }
            at++;
        }
        first = false;
        return true;
    }

    public String string() {
        if (peek() != '"') {
            throw expected("a string");
        }
        skipString();
        return JsonStrings.decode(bytes, stringFrom, stringTo, escaped);
    }

    /**
     * A string that is one of these words.
     *
     * @param words plain ASCII
     * @return the index in {@code words}, or {@link #OTHER}
     */
    public int word(String[] words, boolean ignoreCase) {
        if (peek() != '"') {
            throw expected("a string");
        }
        skipString();
        return find(words, ignoreCase);
    }

    public @Nullable String stringOrNull() {
        return takeNull() ? null : string();
    }

    /** Whether the next value is {@code null}, which is then read. */
    public boolean takeNull() {
        if (peek() != 'n') {
            return false;
        }
        literal("null");
        return true;
    }

    public boolean bool() {
        byte b = peek();
        if (b != 't' && b != 'f') {
            throw expected("true or false");
        }
        literal(b == 't' ? "true" : "false");
        return b == 't';
    }

    /** A whole number that fits a long, without fraction or exponent. */
    public long integer() {
        byte b = peek();
        int from = at;
        if (b != '-' && (b < '0' || b > '9')) {
            throw expected("a whole number");
        }
        skipNumber();
        JsonNumber number = JsonNumber.read(bytes, from, at);
        if (number.kind() != JsonNumber.Kind.LONG) {
            at = from;
            throw expected("a whole number of at most 64 bits");
        }
        return number.bits();
    }

    /** A whole number from 0 to 2^64 - 1, without fraction or exponent; above {@link Long#MAX_VALUE} it is negative. */
    public long unsigned() {
        byte b = peek();
        int from = at;
        if (b < '0' || b > '9') {
            throw expected("a whole number from 0");
        }
        skipNumber();
        JsonNumber number = JsonNumber.read(bytes, from, at);
        if (number.kind() == JsonNumber.Kind.DOUBLE) {
            at = from;
            throw expected("a whole number of at most 64 bits");
        }
        return number.bits();
    }

    /** Goes back to where a value begins that was skipped, to read it. What comes after it has been checked already. */
    public void seek(int position) {
        at = position;
    }

    /** The text that is read; not copied. */
    public byte[] source() {
        return bytes;
    }

    /** Checks one array and steps over it; returns where it began. */
    public int skipArray() {
        if (peek() != '[') {
            throw expected("an array");
        }
        int from = at;
        skipValue();
        return from;
    }

    /** Checks one value of any kind and steps over it; returns where it began. */
    public int skipAny() {
        peek();
        int from = at;
        skipValue();
        return from;
    }

    /** Checks one value of any kind and steps over it. */
    public void skipValue() {
        int base = depth;
        while (true) {
            if (skipToken()) {
                continue; // a container was opened: its first value is next
            }
            while (depth > base) {
                boolean object = ((objects >>> (depth - 1)) & 1) != 0;
                byte b = peek();
                if (b == ',') {
                    at++;
                    if (object) {
                        memberName();
                    }
                    break;
                }
                if (b != (object ? '}' : ']')) {
                    throw expected(object ? "',' or '}'" : "',' or ']'");
                }
                at++;
                depth--;
            }
            if (depth == base) {
                return;
            }
        }
    }

    /** Steps over a scalar, an empty container, or the opening of a container; true for the last. */
    private boolean skipToken() {
        switch (peek()) {
            case '{' -> {
                open(true);
                if (peek() != '}') {
                    memberName();
                    return true;
                }
                at++;
                depth--;
            }
            case '[' -> {
                open(false);
                if (peek() != ']') {
                    return true;
                }
                at++;
                depth--;
            }
            case '"' -> skipString();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> skipNumber();
            default -> throw expected("a value");
        }
        return false;
    }

    /** Nothing but white space may follow. */
    public void end() {
        peek();
        if (at < end) {
            throw expected("the end");
        }
    }

    private void open(boolean object) {
        if (depth == MAX_DEPTH) {
            throw error("nested deeper than " + MAX_DEPTH + " levels");
        }
        long bit = 1L << depth;
        objects = object ? objects | bit : objects & ~bit;
        depth++;
        at++;
    }

    private void memberName() {
        if (peek() != '"') {
            throw expected("a member name");
        }
        skipString();
        if (peek() != ':') {
            throw expected("':'");
        }
        at++;
    }

    private void skipString() {
        int i = at + 1;
        boolean sawEscape = false;
        while (i < end) {
            byte b = bytes[i];
            if (b == '"') {
                stringFrom = at + 1;
                stringTo = i;
                escaped = sawEscape;
                at = i + 1;
                return;
            }
            if (b == '\\') {
                sawEscape = true;
                i = skipEscape(i);
            } else if (b >= 0x20) {
                i++;
            } else if (b >= 0) {
                at = i;
                throw error("unescaped control character in a string");
            } else {
                int next = Utf8.next(bytes, i, end);
                if (next < 0) {
                    at = i;
                    throw error("invalid UTF-8");
                }
                i = next;
            }
        }
        at = end;
        throw error("a string does not end");
    }

    private int skipEscape(int i) {
        if (i + 1 < end) {
            switch (bytes[i + 1]) {
                case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                    return i + 2;
                }
                case 'u' -> {
                    char unit = codeUnit(i);
                    if (!Character.isSurrogate(unit)) {
                        return i + 6;
                    }
                    if (Character.isHighSurrogate(unit)
                            && i + 7 < end
                            && bytes[i + 6] == '\\'
                            && bytes[i + 7] == 'u'
                            && Character.isLowSurrogate(codeUnit(i + 6))) {
                        return i + 12;
                    }
                    at = i;
                    throw error("a lone surrogate in a string");
                }
                default -> {}
            }
        }
        at = i;
        throw error("an unknown escape in a string");
    }

    private char codeUnit(int i) {
        int unit = i + 6 <= end ? JsonStrings.hex4(bytes, i + 2) : -1;
        if (unit < 0) {
            at = i;
            throw error("an unknown escape in a string");
        }
        return (char) unit;
    }

    private void skipNumber() {
        int from = at;
        int i = bytes[from] == '-' ? from + 1 : from;
        int digits = i;
        i = skipDigits(i);
        if (i == digits || (bytes[digits] == '0' && i > digits + 1)) {
            throw error("a malformed number");
        }
        if (i < end && bytes[i] == '.') {
            int fraction = i + 1;
            i = skipDigits(fraction);
            if (i == fraction) {
                throw error("a malformed number");
            }
        }
        if (i < end && (bytes[i] == 'e' || bytes[i] == 'E')) {
            int exponent = i + 1;
            if (exponent < end && (bytes[exponent] == '+' || bytes[exponent] == '-')) {
                exponent++;
            }
            i = skipDigits(exponent);
            if (i == exponent) {
                throw error("a malformed number");
            }
        }
        if (i - from > MAX_NUMBER_LENGTH) {
            throw error("a number longer than " + MAX_NUMBER_LENGTH + " characters");
        }
        at = i;
    }

    private int skipDigits(int from) {
        int i = from;
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    private void literal(String word) {
        int length = word.length();
        if (end - at < length || !Names.equalsAscii(word, bytes, at, at + length, false)) {
            throw expected("a value");
        }
        at += length;
    }

    private ProtocolViolation expected(String what) {
        if (at >= end) {
            return error("expected " + what + " but the text ends");
        }
        int b = bytes[at] & 0xFF;
        String found = b > 0x20 && b < 0x7F ? "'" + (char) b + "'" : "0x%02X".formatted(b);
        return error("expected " + what + " but found " + found);
    }

    /** What is wrong, with the position of the next unread byte. */
    public ProtocolViolation error(String what) {
        return new ProtocolViolation("JSON: " + what + " at byte " + (at - start));
    }

    /**
     * Checks that all of the text is one value that a message can hold, itself one level of nesting.
     *
     * @throws ProtocolViolation for anything else
     */
    public static void checkItem(byte[] json) {
        JsonScanner scanner = new JsonScanner(json, 0, json.length);
        scanner.depth = 1;
        scanner.skipValue();
        scanner.end();
    }
}
