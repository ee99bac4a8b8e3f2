package io.tidewire.observe;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Gives the first names that come along a value of their own, and all later ones one value together: whoever can invent
 * names must not be able to fill the memory with meters. Looking up a name takes no lock; the first call for a name does.
 */
final class Bounded<K, V> {
    private final int limit;
    private final Function<K, V> make;
    private final K restName;
    private final V rest;
    private final ConcurrentHashMap<K, V> values = new ConcurrentHashMap<>();
    private volatile boolean full;

    /**
     * Starts empty.
     *
     * @param limit how many names get a value of their own
     * @param restName the name under which all others go
     * @param make called once for each name that gets a value, and once for the rest
     */
    Bounded(int limit, K restName, Function<K, V> make) {
        this.limit = limit;
        this.make = make;
        this.restName = restName;
        this.rest = make.apply(restName);
    }

    V of(K name) {
        V known = values.get(name);
        if (known != null) {
            return known;
        }
        return full || name.equals(restName) ? rest : add(name);
    }

    private synchronized V add(K name) {
        V known = values.get(name);
        if (known != null) {
            return known;
        }
        if (values.size() >= limit) {
            full = true;
            return rest;
        }
        V made = make.apply(name);
        values.put(name, made);
        return made;
    }
}
