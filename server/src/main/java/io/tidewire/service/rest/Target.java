package io.tidewire.service.rest;

import io.tidewire.hub.Audience;
import java.util.function.Function;

/** Whom a call is for, read from its path. */
public interface Target extends Function<RestCall, Audience> {
    Target ALL = _ -> Audience.all();
    Target GROUP = call -> Audience.group(call.group());
    Target CONNECTION = call -> Audience.connection(call.connectionId());

    static Target user(String parameter) {
        return call -> Audience.user(call.user(parameter));
    }
}
