package io.tidewire.config.type;

import io.tidewire.upstream.WebhookSettings.Allowed;
import java.util.ArrayList;
import java.util.List;

/** Address ranges, addresses and host names, as a list of the file or with commas between them. */
public record AllowedAddressesType() implements Type<List<Allowed>> {
    private static final String NONE = "none";

    @Override
    public String name() {
        return "list of addresses";
    }

    @Override
    public List<Allowed> parse(Raw raw) {
        return switch (raw) {
            case Raw.One one -> parse(one.text());
            case Raw.Many many -> allowed(many.items());
            case Raw.Items _, Raw.Fields _ -> throw new BadValue("must be a plain list");
        };
    }

    @Override
    public List<Allowed> parse(String text) {
        return text.isBlank() || text.strip().equals(NONE) ? List.of() : allowed(List.of(text.split(",", -1)));
    }

    private static List<Allowed> allowed(List<String> items) {
        var allowed = new ArrayList<Allowed>();
        for (String item : items) {
            try {
                allowed.add(Allowed.parse(item.strip()));
            } catch (IllegalArgumentException neither) {
                throw new BadValue("must hold ranges such as 10.0.0.0/8, addresses or host names, but holds "
                        + Quote.of(item.strip()));
            }
        }
        return List.copyOf(allowed);
    }

    @Override
    public String print(List<Allowed> value) {
        return value.isEmpty()
                ? NONE
                : String.join(",", value.stream().map(Allowed::toString).toList());
    }
}
