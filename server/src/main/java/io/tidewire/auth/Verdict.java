package io.tidewire.auth;

/** What came of a token: its claims, or why it is refused. */
public sealed interface Verdict permits Claims, Refusal {}
