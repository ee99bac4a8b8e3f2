package io.tidewire.bench.report;

import java.util.Locale;

/** Writes SVG: a page with a title, on which shapes and words are put. It follows the reader's light or dark background. */
final class Svg {
    /** Colours by role, so that both backgrounds have the same rules. */
    private static final String STYLE = """
            <style>
            svg { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; }
            .paper { fill: #ffffff } .word { fill: #1f2937 } .faint { fill: #6b7280; font-size: 12px }
            .title { fill: #111827; font-size: 15px; font-weight: 600 }
            .grid { stroke: #e5e7eb } .whisker { stroke: #111827; stroke-width: 1.5 }
            .ours { fill: #0d9488 } .peer { fill: #94a3b8 } .floor { fill: #d97706 }
            .line { stroke: #d97706; stroke-width: 1.5; stroke-dasharray: 5 4 }
            .pale { opacity: .45 }
            @media (prefers-color-scheme: dark) {
            .paper { fill: #0d1117 } .word { fill: #e5e7eb } .faint { fill: #9ca3af }
            .title { fill: #f9fafb }
            .grid { stroke: #30363d } .whisker { stroke: #f3f4f6 }
            .ours { fill: #2dd4bf } .peer { fill: #7d8ca3 } .floor { fill: #fbbf24 }
            .line { stroke: #fbbf24 }
            }
            </style>
            """;

    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height, String title, String subtitle) {
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\" role=\"img\">\n<title>")
                .append(escape(title))
                .append("</title>\n")
                .append(STYLE);
        shape("rect", "class", "paper", "width", width, "height", height, "rx", 8);
        words("title", 16, 27, "start", title);
        words("faint", 16, 46, "start", subtitle);
    }

    /** An element with these attributes and nothing in it. */
    void shape(String name, Object... attributes) {
        text.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(shown(attributes[i + 1]))
                    .append('"');
        }
        text.append("/>\n");
    }

    /** Text whose anchor, start, middle or end, is there. */
    void words(String style, double x, double y, String anchor, String words) {
        text.append("<text class=\"")
                .append(style)
                .append("\" x=\"")
                .append(shown(x))
                .append("\" y=\"")
                .append(shown(y))
                .append("\" text-anchor=\"")
                .append(anchor)
                .append("\">")
                .append(escape(words))
                .append("</text>\n");
    }

    /** What a contestant is drawn in. */
    static String colour(String contestant) {
        if (contestant.startsWith("tidewire")) {
            return "ours";
        }
        return contestant.startsWith("floor") ? "floor" : "peer";
    }

    static String shown(Object value) {
        return value instanceof Double number ? String.format(Locale.ROOT, "%.1f", number) : value.toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    @Override
    public String toString() {
        return text + "</svg>\n";
    }
}
