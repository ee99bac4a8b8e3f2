package io.tidewire.config.type;

import io.tidewire.service.upstream.NamesSettings;
import io.tidewire.signalr.upstream.UpstreamSettings.Rule;
import java.util.List;

/** The upstreams of SignalR Service. URLs may hold secrets in their query, which is never shown. */
public final class UpstreamsType extends ObjectListType<Rule> {
    public UpstreamsType() {
        super(List.of("url", "hubs", "categories", "events"));
    }

    @Override
    public String name() {
        return "list of { url, hubs, categories, events }";
    }

    @Override
    protected Rule read(Members members) {
        String url = members.need("url");
        NamesSettings hubs = names(members, "hubs");
        NamesSettings categories = names(members, "categories");
        NamesSettings events = names(members, "events");
        try {
            return new Rule(url, hubs, categories, events);
        } catch (IllegalArgumentException bad) {
            String why = Quote.oneLine(String.valueOf(bad.getMessage()));
            throw members.fault(why.startsWith("'categories'") ? "categories" : "url", why);
        }
    }

    /** Absent takes every name; a null or an empty text takes none (reference E.1). */
    private static NamesSettings names(Members members, String member) {
        List<String> names = members.names(member);
        return names == null ? NamesSettings.ANY : NamesSettings.of(names);
    }

    @Override
    protected String printItem(Rule rule) {
        var text = new FlowText().text("url", rule.shownUrl());
        append(text, "hubs", rule.hubs());
        append(text, "categories", rule.categories());
        append(text, "events", rule.events());
        return text.toString();
    }

    private static void append(FlowText text, String member, NamesSettings names) {
        if (!names.equals(NamesSettings.ANY)) {
            text.text(member, names.toString());
        }
    }
}
