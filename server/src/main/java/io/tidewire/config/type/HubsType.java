package io.tidewire.config.type;

import io.tidewire.webpubsub.HubSettings;
import io.tidewire.webpubsub.access.AdmissionSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Hubs of Web PubSub with what is set for each; in the file as YAML writes it, elsewhere as one text in YAML's flow style. */
public final class HubsType implements Type<Map<String, HubSettings>> {
    /** For every hub without settings of its own. */
    private static final String EVERY = "*";

    /** Web PubSub reference A.2. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_`,.\\[\\]]{0,127}");

    private static final List<String> MEMBERS =
            List.of("anonymous", "maxConnectionLifetime", "connectionCountRules", "eventHandlers", "eventListeners");

    private enum Anonymous {
        ALLOW,
        DENY
    }

    private static final Type<Anonymous> ANONYMOUS = ChoiceType.of(Anonymous.values());
    /** Reference A.4. */
    private static final DurationType LIFETIME = new DurationType(Duration.ZERO, Duration.ofDays(7));

    private static final CountRulesType RULES = new CountRulesType();
    private static final EventHandlersType HANDLERS = new EventHandlersType();
    private static final EventListenersType LISTENERS = new EventListenersType();

    @Override
    public String name() {
        return "hub or * : { " + String.join(", ", MEMBERS) + " }";
    }

    @Override
    public boolean hasFields() {
        return true;
    }

    @Override
    public Map<String, HubSettings> parse(String text) {
        if (text.isBlank()) {
            return Map.of();
        }
        try {
            Raw raw = YamlValue.read(text);
            return switch (raw) {
                case null -> Map.of();
                case Raw.Fields fields -> hubs(fields.fields());
                case Raw.One _, Raw.Many _, Raw.Items _ -> throw notHubs();
            };
        } catch (BadValue bad) {
            throw bad.withoutLines();
        }
    }

    @Override
    public Map<String, HubSettings> parse(Raw raw) {
        return switch (raw) {
            case Raw.One one -> parse(one.text());
            case Raw.Fields fields -> hubs(fields.fields());
            case Raw.Many _, Raw.Items _ -> throw notHubs();
        };
    }

    private static BadValue notHubs() {
        return new BadValue("must be names of hubs with settings below each, such as {chat: {anonymous: allow}}");
    }

    private static Map<String, HubSettings> hubs(List<Raw.Field> fields) {
        var hubs = new LinkedHashMap<String, HubSettings>();
        var faults = new ArrayList<BadValue.Fault>();
        for (Raw.Field field : fields) {
            try {
                if (hubs.put(hubName(field.name()), hub(field)) != null) {
                    throw new BadValue("is given twice; letter case does not count");
                }
            } catch (BadValue bad) {
                faults.addAll(bad.within(field.line(), "hub " + Quote.of(field.name()))
                        .faults());
            }
        }
        if (!faults.isEmpty()) {
            throw new BadValue(faults);
        }
        return Map.copyOf(hubs);
    }

    private static String hubName(String name) {
        if (!name.equals(EVERY) && !NAME.matcher(name).matches()) {
            throw new BadValue(
                    "must be '*' or a name of 1 to 128 characters: a letter, then letters, digits and _ ` , . [ ]");
        }
        return name.toLowerCase(Locale.ROOT);
    }

    private static HubSettings hub(Raw.Field field) {
        Raw raw = field.value();
        if (raw != null && !(raw instanceof Raw.Fields)) {
            throw new BadValue("must be an object with " + String.join(", ", MEMBERS));
        }
        var members = new Members(raw instanceof Raw.Fields fields ? fields.fields() : List.of(), MEMBERS);
        return new HubSettings(
                new AdmissionSettings(
                        members.get("anonymous", ANONYMOUS, Anonymous.DENY) == Anonymous.ALLOW,
                        members.get("maxConnectionLifetime", LIFETIME, Duration.ZERO),
                        members.get("connectionCountRules", RULES, List.of())),
                members.get("eventHandlers", HANDLERS, List.of()),
                members.get("eventListeners", LISTENERS, List.of()));
    }

    @Override
    public String print(Map<String, HubSettings> value) {
        var hubs = new FlowText();
        new TreeMap<>(value).forEach((name, hub) -> hubs.plain(FlowText.quoted(name), print(hub)));
        return hubs.toString();
    }

    private static String print(HubSettings hub) {
        var text = new FlowText();
        if (hub.admission().anonymous()) {
            text.plain("anonymous", ANONYMOUS.print(Anonymous.ALLOW));
        }
        if (!hub.admission().maxConnectionLifetime().isZero()) {
            text.plain("maxConnectionLifetime", LIFETIME.print(hub.admission().maxConnectionLifetime()));
        }
        list(text, "connectionCountRules", RULES, hub.admission().connectionCountRules());
        list(text, "eventHandlers", HANDLERS, hub.eventHandlers());
        list(text, "eventListeners", LISTENERS, hub.eventListeners());
        return text.toString();
    }

    private static <T> void list(FlowText text, String name, ObjectListType<T> type, List<T> items) {
        if (!items.isEmpty()) {
            text.plain(name, type.print(items));
        }
    }
}
