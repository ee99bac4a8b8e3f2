package io.tidewire.config;

import java.util.List;

/** The catalogue as a page for people. */
final class Reference {
    private Reference() {}

    static String markdown(List<Setting<?>> settings) {
        var page = new StringBuilder("""
                # Settings

                Read in this order, later wins: the default, the YAML file, the environment, `--set key=value`.
                In the file, `${NAME}` stands for a variable of the environment (`$${` for a plain `${`). A variable that
                is empty counts as not set.

                | setting | environment | type | default | meaning |
                |---|---|---|---|---|
                """);
        for (Setting<?> setting : settings) {
            page.append("| `%s` | `%s` | %s | %s | %s |\n"
                    .formatted(
                            setting.key(),
                            setting.environmentName(),
                            cell(setting.type().name()),
                            cell(byDefault(setting)),
                            cell(setting.doc())));
        }
        page.append("\nAlso read from the environment, and not settings:\n\n");
        for (EnvironmentSource.Other other : EnvironmentSource.OTHERS) {
            page.append("* `%s`: %s\n".formatted(other.name(), other.doc()));
        }
        return page.toString();
    }

    private static String byDefault(Setting<?> setting) {
        String dev = setting.printDefault(Profile.DEV);
        String serve = setting.printDefault(Profile.SERVE);
        return dev.equals(serve) ? dev : "dev: " + dev + "; serve: " + serve;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
