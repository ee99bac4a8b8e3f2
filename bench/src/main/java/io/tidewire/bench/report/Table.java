package io.tidewire.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown. */
final class Table {
    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        this.head = List.of(head);
    }

    /** Fewer cells than the head has: the rest stays empty. */
    void row(String... cells) {
        rows.add(List.of(cells));
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        line(text, head);
        // Words to the left, figures to the right.
        text.append("|---").append("|--:".repeat(head.size() - 1)).append("|\n");
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>(row);
            while (cells.size() < head.size()) {
                cells.add("");
            }
            line(text, cells);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
