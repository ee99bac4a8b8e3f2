package io.tidewire.config.type;

import io.tidewire.webpubsub.access.AdmissionSettings.By;
import io.tidewire.webpubsub.access.AdmissionSettings.CountRule;
import java.util.List;
import java.util.Locale;

/** How many clients of a hub of Web PubSub may be alike at one time. */
final class CountRulesType extends ObjectListType<CountRule> {
    private static final List<String> WORDS = List.of("userId", "claim", "address");
    private static final List<By> MEANINGS = List.of(By.USER_ID, By.CLAIM, By.ADDRESS);
    private static final CountType LIMIT = new CountType(1, 10_000_000);

    CountRulesType() {
        super(List.of("by", "claim", "limit"));
    }

    @Override
    public String name() {
        return "list of { by, claim, limit }";
    }

    @Override
    protected CountRule read(Members members) {
        By by = by(members);
        boolean byClaim = by == By.CLAIM;
        if (!byClaim && members.names("claim") != null) {
            throw members.fault("claim", "has a 'claim', which only 'by: claim' takes");
        }
        members.need("limit");
        return new CountRule(by, byClaim ? members.need("claim") : null, members.get("limit", LIMIT, 0));
    }

    private static By by(Members members) {
        String word = members.need("by");
        for (int i = 0; i < WORDS.size(); i++) {
            if (WORDS.get(i).toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT))) {
                return MEANINGS.get(i);
            }
        }
        throw members.fault("by", "'by' must be one of " + String.join(", ", WORDS) + ", but is " + Quote.of(word));
    }

    @Override
    protected String printItem(CountRule rule) {
        var text = new FlowText().text("by", WORDS.get(MEANINGS.indexOf(rule.by())));
        if (rule.claim() != null) {
            text.text("claim", rule.claim());
        }
        return text.plain("limit", LIMIT.print(rule.limit())).toString();
    }
}
