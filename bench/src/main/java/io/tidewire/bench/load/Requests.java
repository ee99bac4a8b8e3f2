package io.tidewire.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * What is published, as it goes on the wire; taken in turn.
 *
 * @param answered whether each gets an HTTP answer
 * @param each deliveries that one must cause
 */
public record Requests(boolean answered, int each, List<byte[]> records) {
    /** Where the load writes the number of a message, by which it knows which delivery belongs to which. */
    public static final String SEQUENCE = "00000000";

    public Requests {
        records = List.copyOf(records);
    }

    public static Requests of(int each, String... requests) {
        return all(each, List.of(requests));
    }

    public static Requests all(int each, List<String> requests) {
        return new Requests(
                true,
                each,
                requests.stream().map(request -> request.getBytes(UTF_8)).toList());
    }

    /** Lines that nothing answers. */
    public static Requests lines(int each, List<String> lines) {
        return new Requests(
                false, each, lines.stream().map(line -> line.getBytes(UTF_8)).toList());
    }

    /** A text with a number in it that has so many bytes in all. */
    public static String text(int bytes) {
        if (bytes < SEQUENCE.length()) {
            throw new IllegalArgumentException("A message of " + bytes + " bytes has no room for its number");
        }
        return SEQUENCE + "x".repeat(bytes - SEQUENCE.length());
    }

    /** A POST; an empty token for none. */
    public static String post(String path, String token, String type, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\n"
                + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
                + "Content-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n" + body;
    }

    /** As the load reads them: the length of each on a line of its own before it. */
    byte[] file() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (byte[] record : records) {
            file.writeBytes((record.length + "\n").getBytes(UTF_8));
            file.writeBytes(record);
        }
        return file.toByteArray();
    }
}
