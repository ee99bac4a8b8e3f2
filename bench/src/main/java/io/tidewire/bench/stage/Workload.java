package io.tidewire.bench.stage;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the command line can ask for, in the order in which a run does it. */
public enum Workload {
    BROADCAST("one message to 4,000 clients: 128 bytes and 2 KB, each form of client, each peer"),
    BURST("sixteen messages at once to 4,000 clients: who puts them into one write?"),
    ECHO("1,000 clients send to a group of their own: the way in and out again"),
    REST("a message by REST for one of 1,000 connections, users or groups, 100 to 5,000 times a second"),
    IDLE("19,000 connections that only stay: memory, and the CPU of keep-alives"),
    CONNECT("clients that come and go: bare, with a token, with negotiate; on a fresh server and a warm one"),
    GROUPS("a message by REST for one of 1,900 groups of ten"),
    START("from ./tidewire serve to ready, with the start-up cache and without");

    private final String about;

    Workload(String about) {
        this.about = about;
    }

    public String about() {
        return about;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Workload named(String name) {
        return Arrays.stream(values())
                .filter(workload -> workload.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no workload " + name + "; there are "
                        + Arrays.stream(values()).map(Workload::toString).collect(Collectors.joining(" "))));
    }
}
