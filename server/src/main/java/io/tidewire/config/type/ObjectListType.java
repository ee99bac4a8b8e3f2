package io.tidewire.config.type;

import java.util.ArrayList;
import java.util.List;

/**
 * A list of objects, in the file as YAML writes it, elsewhere as one text in YAML's flow style, which JSON is part of. Where
 * an object has its first member only, the text alone will do.
 *
 * @param <T> what one object becomes
 */
public abstract class ObjectListType<T> implements Type<List<T>> {
    private final List<String> names;

    /** @param names the members of an object, the one that must be there first */
    protected ObjectListType(List<String> names) {
        this.names = List.copyOf(names);
    }

    /**
     * Makes one object.
     *
     * @throws BadValue the sentence goes on after "item 1"
     */
    protected abstract T read(Members members);

    /** One object in flow style, without anything secret. */
    protected abstract String printItem(T item);

    @Override
    public List<T> parse(String text) {
        String written = text.strip();
        if (!written.startsWith("[") && !written.startsWith("{")) {
            return written.isEmpty() ? List.of() : parse(new Raw.Many(List.of(written)));
        }
        try {
            Raw raw = YamlValue.read(written);
            return switch (raw) {
                case null -> List.of();
                case Raw.Fields one -> items(List.of(new Raw.Item(0, one)));
                case Raw.One _, Raw.Many _, Raw.Items _ -> parse(raw);
            };
        } catch (BadValue bad) {
            throw bad.withoutLines();
        }
    }

    @Override
    public List<T> parse(Raw raw) {
        return switch (raw) {
            case Raw.One one -> parse(one.text());
            case Raw.Many many ->
                items(many.items().stream()
                        .map(text -> new Raw.Item(0, new Raw.One(text)))
                        .toList());
            case Raw.Items items -> items(items.items());
            case Raw.Fields _ -> throw new BadValue("must be a list of objects, each behind a '-'");
        };
    }

    private List<T> items(List<Raw.Item> items) {
        var read = new ArrayList<T>();
        var faults = new ArrayList<BadValue.Fault>();
        int number = 0;
        for (Raw.Item item : items) {
            number++;
            try {
                read.add(read(members(item)));
            } catch (BadValue bad) {
                faults.addAll(bad.within(item.line(), "item " + number).faults());
            }
        }
        if (!faults.isEmpty()) {
            throw new BadValue(faults);
        }
        return List.copyOf(read);
    }

    private Members members(Raw.Item item) {
        return switch (item.value()) {
            case Raw.Fields fields -> new Members(fields.fields(), names);
            case Raw.One one -> new Members(List.of(new Raw.Field(names.getFirst(), item.line(), one)), names);
            case Raw.Many _, Raw.Items _ -> throw new BadValue("must be an object with " + String.join(", ", names));
        };
    }

    @Override
    public String print(List<T> value) {
        return "[" + String.join(", ", value.stream().map(this::printItem).toList()) + "]";
    }
}
