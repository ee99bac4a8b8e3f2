package io.tidewire.bench.contestant;

/** Whom a published message is for. */
public enum Audience {
    EVERYBODY,
    /** Everybody, sixteen times in a row. Only the floor treats it otherwise: it knows what comes. */
    EVERYBODY_IN_BURSTS,
    CONNECTION,
    USER,
    GROUP_OF_ONE,
    GROUP_OF_TEN;

    public static final int BURST = 16;
    public static final int TEN = 10;

    /** Deliveries that a message causes. */
    public int deliveries(int clients) {
        return switch (this) {
            case EVERYBODY, EVERYBODY_IN_BURSTS -> clients;
            case CONNECTION, USER, GROUP_OF_ONE -> 1;
            case GROUP_OF_TEN -> TEN;
        };
    }

    /** How many different audiences of this kind there are. */
    public int many(int clients) {
        return clients / deliveries(clients);
    }
}
