package io.tidewire.bench.contestant;

/** Which clients a contestant gets. */
public enum Crowd {
    /** All get every broadcast. */
    LISTENERS,
    /** Each sends, and gets back what it sent. */
    SPEAKERS,
    /** Each can be reached alone: by its connection, as a user, through a group of its own. */
    ADDRESSEES,
    /** Ten are a group. */
    TENS
}
