package io.tidewire.hub;

/** The hubs of one service. A hub needs no creation: it is there as soon as it is named. */
public final class Hubs {
    private final Fanout local;
    private final Backplane backplane;

    public Hubs(Fanout local, Backplane backplane) {
        this.local = local;
        this.backplane = backplane;
    }

    /** The hub of that name, which the caller has checked and brought to its one spelling. */
    public Hub named(String name) {
        return new Hub(name, local, backplane);
    }
}
