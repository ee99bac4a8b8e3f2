package io.tidewire.bench.report;

import io.tidewire.bench.line.Line;

/** What windows are about: their rounds belong together. */
record Key(String workload, String variant, String contestant) {
    static Key of(Line line) {
        return new Key(line.word("workload"), line.word("variant"), line.word("contestant"));
    }

    Key by(String another) {
        return new Key(workload, variant, another);
    }
}
