package io.tidewire.config.type;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One of a few words, in any case.
 *
 * @param choices the constants of an enum
 * @param refused words that deserve a better answer than "not one of these", in lower case, with that answer
 */
public record ChoiceType<E extends Enum<E>>(List<E> choices, Map<String, String> refused) implements Type<E> {
    public ChoiceType {
        choices = List.copyOf(choices);
        refused = Map.copyOf(refused);
    }

    public static <E extends Enum<E>> ChoiceType<E> of(E[] choices) {
        return new ChoiceType<>(List.of(choices), Map.of());
    }

    @Override
    public String name() {
        return String.join(" | ", choices.stream().map(this::print).toList());
    }

    @Override
    public E parse(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT).replace('-', '_');
        for (E choice : choices) {
            if (print(choice).equals(word)) {
                return choice;
            }
        }
        String answer = refused.get(word);
        if (answer != null) {
            throw new BadValue("is " + Quote.of(text) + ", but " + answer);
        }
        String words = String.join(", ", choices.stream().map(this::print).toList());
        throw BadValue.mustBe(choices.size() == 1 ? words : "one of " + words, text);
    }

    @Override
    public String print(E value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
