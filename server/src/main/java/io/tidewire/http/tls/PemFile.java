package io.tidewire.http.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of PEM blocks (RFC 7468), for example certificates.
 *
 * @param setting where its path comes from
 */
record PemFile(String setting, Path path) {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*(?:-[^-]+)*)-----END \\1-----");

    private static final String BEGIN = "-----BEGIN ";
    private static final long MAX_BYTES = 1024 * 1024;

    /**
     * One block.
     *
     * @param label for example {@code CERTIFICATE}
     * @param text its base64, with whatever else stands there
     */
    record Block(String label, String text) {
        /** A key in OpenSSL's own encryption says so in headers, and nothing else here has any. */
        boolean hasHeaders() {
            return text.indexOf(':') >= 0;
        }
    }

    /**
     * All blocks, in order. A file that somebody is writing has a last one without its end, and is refused as a whole.
     *
     * @throws BadCertificate when it cannot be read
     */
    List<Block> blocks() {
        String text = text();
        var blocks = new ArrayList<Block>();
        Matcher found = BLOCK.matcher(text);
        while (found.find()) {
            blocks.add(new Block(found.group(1), found.group(2)));
        }
        int begun = text.split(BEGIN, -1).length - 1;
        if (blocks.size() < begun) {
            throw bad("a block has no end; is the file complete?");
        }
        return blocks;
    }

    byte[] decode(Block block) {
        try {
            return Base64.getMimeDecoder().decode(block.text().strip());
        } catch (IllegalArgumentException notBase64) {
            throw bad("a block is not base64");
        }
    }

    /** What is wrong with this file. */
    BadCertificate bad(String why) {
        return new BadCertificate("Cannot use " + path + " (setting " + setting + "): " + why);
    }

    private String text() {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw bad("it is larger than " + MAX_BYTES + " bytes");
            }
            return Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException missing) {
            throw bad("there is no such file");
        } catch (AccessDeniedException denied) {
            throw bad("this process may not read it");
        } catch (IOException failed) {
            throw bad(Files.isDirectory(path) ? "it is a directory" : "it cannot be read");
        }
    }
}
