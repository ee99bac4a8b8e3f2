package io.tidewire.signalr.upstream;

import io.tidewire.service.upstream.UrlTemplate;
import io.tidewire.signalr.upstream.UpstreamSettings.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the rule of an event: the first one whose patterns all match (reference E.1). Immutable. */
final class Rules {
    private record Line(Rule rule, UrlTemplate url) {
        boolean isFor(Event event) {
            return rule.hubs().matchIgnoringCase(event.hub())
                    && rule.categories().matchIgnoringCase(event.category());
        }
    }

    private final List<Line> lines = new ArrayList<>();

    Rules(List<Rule> rules) {
        rules.forEach(rule -> lines.add(new Line(rule, rule.template())));
    }

    /**
     * Event names are compared exactly first; only where no rule takes the name so, its case is ignored (reference J 13).
     * So no rule takes an event from another one that names it exactly.
     */
    Optional<UrlTemplate> find(Event event) {
        for (Line line : lines) {
            if (line.isFor(event) && line.rule.events().match(event.name())) {
                return Optional.of(line.url);
            }
        }
        for (Line line : lines) {
            if (line.isFor(event) && line.rule.events().matchIgnoringCase(event.name())) {
                return Optional.of(line.url);
            }
        }
        return Optional.empty();
    }
}
