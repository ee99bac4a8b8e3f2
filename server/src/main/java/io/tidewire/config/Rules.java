package io.tidewire.config;

import io.tidewire.auth.KeySettings;
import io.tidewire.config.type.KeyType;
import io.tidewire.http.ListenSettings;
import io.tidewire.signalr.upstream.UpstreamSettings;
import io.tidewire.upstream.WebhookSettings;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What must be true of several settings together. */
final class Rules {
    private static final List<Setting<ListenSettings>> SIGNALR_DOORS =
            List.of(Catalogue.SIGNALR_LISTEN, Catalogue.SIGNALR_PREVIEW_LISTEN);
    private static final List<Setting<ListenSettings>> DOORS =
            List.of(Catalogue.SIGNALR_LISTEN, Catalogue.SIGNALR_PREVIEW_LISTEN, Catalogue.ADMIN_LISTEN);
    private static final List<Setting<String>> KEYS =
            List.of(Catalogue.SIGNALR_KEYS_PRIMARY, Catalogue.SIGNALR_KEYS_SECONDARY);

    private final Values values;
    private final Problems problems;
    private final List<String> warnings = new ArrayList<>();

    Rules(Values values, Problems problems) {
        this.values = values;
        this.problems = problems;
    }

    void check() {
        keyIsThere();
        wellKnownKeyStaysAtHome();
        doorsDiffer();
        aCertificateHasItsKey();
        aMessageFitsIntoTheQueue();
        upstreamsMayBeCalled();
    }

    List<String> warnings() {
        return warnings;
    }

    private void keyIsThere() {
        Setting<String> primary = Catalogue.SIGNALR_KEYS_PRIMARY;
        if (!problems.isBroken(primary) && values.find(primary) == null) {
            problems.add("'%s' is not set; make a key with: %s - and put it into the file or into %s"
                    .formatted(primary.key(), KeyType.RECIPE, primary.environmentName()));
        }
    }

    private void wellKnownKeyStaysAtHome() {
        for (Setting<String> key : KEYS) {
            if (!KeySettings.WELL_KNOWN.equals(values.find(key))) {
                continue;
            }
            for (Setting<ListenSettings> door : SIGNALR_DOORS) {
                ListenSettings listen = values.find(door);
                if (listen == null || isLoopback(listen.host()) || problems.isBroken(door)) {
                    continue;
                }
                String risk = "'%s' is the well-known key, and '%s' %s is not loopback: anyone could connect; "
                        .formatted(key.key(), door.key(), listen);
                switch (values.profile()) {
                    case SERVE -> problems.add(located(key, risk + "make a key with: " + KeyType.RECIPE));
                    case DEV -> warnings.add(located(key, risk + "fine on a machine of your own only"));
                }
            }
        }
    }

    private void doorsDiffer() {
        for (int i = 0; i < DOORS.size(); i++) {
            for (int j = i + 1; j < DOORS.size(); j++) {
                ListenSettings first = values.find(DOORS.get(i));
                ListenSettings second = values.find(DOORS.get(j));
                if (clash(first, second) && !problems.isBroken(DOORS.get(i)) && !problems.isBroken(DOORS.get(j))) {
                    problems.add("'%s' %s and '%s' %s take the same port"
                            .formatted(DOORS.get(i).key(), first, DOORS.get(j).key(), second));
                }
            }
        }
    }

    private void aCertificateHasItsKey() {
        needs(Catalogue.SIGNALR_TLS_CERTIFICATE, Catalogue.SIGNALR_TLS_KEY);
        needs(Catalogue.SIGNALR_TLS_KEY, Catalogue.SIGNALR_TLS_CERTIFICATE);
    }

    private void needs(Setting<?> given, Setting<?> other) {
        if (values.find(given) != null && values.find(other) == null && !problems.isBroken(other)) {
            problems.add(located(given, "'%s' is set and '%s' is not".formatted(given.key(), other.key())));
        }
    }

    private void aMessageFitsIntoTheQueue() {
        Setting<Integer> queue = Catalogue.WEBSOCKET_MAX_UNSENT_BYTES;
        Setting<Integer> body = Catalogue.HTTP_MAX_BODY_BYTES;
        if (values.need(queue) < values.need(body)) {
            warnings.add(located(
                    queue,
                    "'%s' is less than '%s': the longest messages close each client that they reach"
                            .formatted(queue.key(), body.key())));
        }
    }

    /** Tried only when the first client comes, so that it would be seen late. A name may resolve to anything, and so may one with a placeholder. */
    private void upstreamsMayBeCalled() {
        WebhookSettings.Addresses addresses = values.need(Catalogue.UPSTREAM_ADDRESSES);
        if (addresses == WebhookSettings.Addresses.ANY
                || !values.need(Catalogue.UPSTREAM_ALLOW).isEmpty()) {
            return;
        }
        List<UpstreamSettings.Rule> rules = values.need(Catalogue.SIGNALR_UPSTREAM);
        for (int i = 0; i < rules.size(); i++) {
            String host = rules.get(i).host();
            if (isLoopback(host)) {
                warnings.add(located(
                        Catalogue.SIGNALR_UPSTREAM,
                        "'%s' item %d: %s is this machine, which '%s' %s does not allow; name it in '%s' if it is meant"
                                .formatted(
                                        Catalogue.SIGNALR_UPSTREAM.key(),
                                        i + 1,
                                        host,
                                        Catalogue.UPSTREAM_ADDRESSES.key(),
                                        addresses.name().toLowerCase(Locale.ROOT),
                                        Catalogue.UPSTREAM_ALLOW.key())));
            }
        }
    }

    private static boolean clash(@Nullable ListenSettings first, @Nullable ListenSettings second) {
        return first != null
                && second != null
                && first.port() != 0
                && first.port() == second.port()
                && (first.host().equals(second.host()) || isAny(first.host()) || isAny(second.host()));
    }

    private static boolean isAny(String host) {
        InetAddress address = literal(host);
        return address != null && address.isAnyLocalAddress();
    }

    /** Names other than localhost may resolve to anything, so they do not count. */
    static boolean isLoopback(String host) {
        InetAddress address = literal(host);
        return address != null
                ? address.isLoopbackAddress()
                : host.toLowerCase(Locale.ROOT).equals("localhost");
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    private String located(Setting<?> setting, String text) {
        Origin origin = values.origin(setting);
        return origin == null ? text : origin.label() + ": " + text;
    }
}
