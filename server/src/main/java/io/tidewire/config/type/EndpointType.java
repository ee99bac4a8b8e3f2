package io.tidewire.config.type;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A public name of this server: scheme, host and perhaps a port; nothing after that. */
public record EndpointType() implements Type<URI> {
    @Override
    public String name() {
        return "URL";
    }

    @Override
    public URI parse(String text) {
        URI parsed = origin(text.strip());
        if (parsed == null) {
            throw BadValue.mustBe("a URL such as https://rt.example.com, without a path", text);
        }
        return parsed;
    }

    /** {@code http(s)://host[:port]} in lower case, one closing slash forgiven; null for anything else. */
    static @Nullable URI origin(String text) {
        try {
            URI uri = new URI(text.toLowerCase(Locale.ROOT));
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            String path = uri.getRawPath();
            boolean bare = path != null && (path.isEmpty() || path.equals("/"));
            if (!web
                    || !bare
                    || uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || uri.getPort() > 0xFFFF
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null) {
                return null;
            }
            return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), null, null, null);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    @Override
    public String print(URI value) {
        return value.toString();
    }
}
