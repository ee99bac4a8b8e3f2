package io.tidewire.webpubsub.rest;

import io.tidewire.service.rest.Document;
import java.util.List;

/** REST 2023-07-01 (reference C.2): 2022-11-01 under another name. */
final class V20230701 {
    static final String VERSION = "2023-07-01";

    private V20230701() {}

    static Document<Call> document() {
        return V20221101.document().followedBy(VERSION, List.of());
    }
}
