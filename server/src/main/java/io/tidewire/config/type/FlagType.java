package io.tidewire.config.type;

import java.util.Locale;

/** True or false, and no other words for them. */
public record FlagType() implements Type<Boolean> {
    @Override
    public String name() {
        return "true or false";
    }

    @Override
    public Boolean parse(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw BadValue.mustBe("true or false", text);
        };
    }

    @Override
    public String print(Boolean value) {
        return value.toString();
    }
}
