package io.tidewire.webpubsub.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Jazzer's inputs to the protobuf reader; without {@code JAZZER_FUZZ} the ones that are kept beside this test. */
class ProtobufReaderFuzz {
    @FuzzTest(maxDuration = "60s")
    void read(byte[] input) {
        var _ = ReaderOracle.protobuf(input);
    }
}
