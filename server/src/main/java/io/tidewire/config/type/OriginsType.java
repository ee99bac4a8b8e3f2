package io.tidewire.config.type;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Browser origins, as a list of the file or with commas between them; {@code *} stands for any. */
public record OriginsType() implements Type<List<String>> {
    @Override
    public String name() {
        return "list of origins";
    }

    @Override
    public List<String> parse(Raw raw) {
        return switch (raw) {
            case Raw.One one -> parse(one.text());
            case Raw.Many many -> origins(many.items());
            case Raw.Items _, Raw.Fields _ -> throw new BadValue("must be a plain list");
        };
    }

    @Override
    public List<String> parse(String text) {
        return text.isBlank() ? List.of() : origins(List.of(text.split(",", -1)));
    }

    private static List<String> origins(List<String> items) {
        var origins = new ArrayList<String>();
        for (String item : items) {
            origins.add(origin(item.strip()));
        }
        return List.copyOf(origins);
    }

    /** As browsers write it in the Origin header: lower case, no slash at the end. */
    private static String origin(String item) {
        if (item.equals("*")) {
            return item;
        }
        URI origin = EndpointType.origin(item);
        if (origin == null) {
            throw new BadValue("must hold '*' or origins such as https://app.example.com, but holds " + Quote.of(item));
        }
        return origin.toString();
    }

    @Override
    public String print(List<String> value) {
        return String.join(",", value);
    }
}
