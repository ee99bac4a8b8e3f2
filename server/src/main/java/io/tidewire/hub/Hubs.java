package io.tidewire.hub;

import java.util.concurrent.atomic.AtomicReferenceArray;

/** The hubs of one service. A hub needs no creation: it is there as soon as it is named. */
public final class Hubs {
    private final Fanout local;
    private final Backplane backplane;

    /**
     * The hubs named last, each in the place of its name's hash: clients of one hub share it and its name, and there are never more of
     * them than places, whoever names however many.
     */
    private final AtomicReferenceArray<Hub> named = new AtomicReferenceArray<>(256);

    public Hubs(Fanout local, Backplane backplane) {
        this.local = local;
        this.backplane = backplane;
    }

    /** The hub of that name, which the caller has checked and brought to its one spelling. */
    public Hub named(String name) {
        int place = Math.floorMod(name.hashCode(), named.length());
        Hub known = named.get(place);
        if (known != null && known.name().equals(name)) {
            return known;
        }
        var hub = new Hub(name, local, backplane);
        named.set(place, hub);
        return hub;
    }
}
