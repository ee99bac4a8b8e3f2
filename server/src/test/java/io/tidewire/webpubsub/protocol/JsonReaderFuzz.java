package io.tidewire.webpubsub.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Jazzer's inputs to the JSON reader; without {@code JAZZER_FUZZ} the ones that are kept beside this test. */
class JsonReaderFuzz {
    @FuzzTest(maxDuration = "60s")
    void read(byte[] input) {
        var _ = ReaderOracle.json(input);
    }
}
