package io.tidewire.config.type;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file. Whether it is there is for its user to find out, who also sees when that changes. */
public record FileType() implements Type<Path> {
    @Override
    public String name() {
        return "file";
    }

    @Override
    public Path parse(String text) {
        try {
            if (!text.isBlank()) {
                return Path.of(text.strip());
            }
        } catch (InvalidPathException invalid) {
            // Said below.
        }
        throw BadValue.mustBe("the path of a file", text);
    }

    @Override
    public String print(Path value) {
        return value.toString();
    }
}
