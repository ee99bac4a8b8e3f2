package io.tidewire.config;

import io.tidewire.auth.KeySettings;
import io.tidewire.config.type.KeyType;
import io.tidewire.http.ListenSettings;
import io.tidewire.signalr.upstream.UpstreamSettings;
import io.tidewire.upstream.WebhookSettings;
import io.tidewire.webpubsub.upstream.EventHandlerSettings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What must be true of several settings together. */
final class Rules {
    /**
     * The settings of one service that belong together.
     *
     * @param name for people
     */
    private record Service(
            String name,
            Setting<String> primaryKey,
            Setting<String> secondaryKey,
            Setting<Path> certificate,
            Setting<Path> certificateKey,
            List<Setting<ListenSettings>> doors) {
        /** All its settings start so. */
        String section() {
            return primaryKey.key().substring(0, primaryKey.key().indexOf('.') + 1);
        }
    }

    private static final Service SIGNALR = new Service(
            "SignalR",
            Catalogue.SIGNALR_KEYS_PRIMARY,
            Catalogue.SIGNALR_KEYS_SECONDARY,
            Catalogue.SIGNALR_TLS_CERTIFICATE,
            Catalogue.SIGNALR_TLS_KEY,
            List.of(Catalogue.SIGNALR_LISTEN, Catalogue.SIGNALR_PREVIEW_LISTEN));
    private static final Service WEBPUBSUB = new Service(
            "Web PubSub",
            Catalogue.WEBPUBSUB_KEYS_PRIMARY,
            Catalogue.WEBPUBSUB_KEYS_SECONDARY,
            Catalogue.WEBPUBSUB_TLS_CERTIFICATE,
            Catalogue.WEBPUBSUB_TLS_KEY,
            List.of(Catalogue.WEBPUBSUB_LISTEN));
    private static final List<Service> SERVICES = List.of(SIGNALR, WEBPUBSUB);

    private final Values values;
    private final Problems problems;
    private final List<String> warnings = new ArrayList<>();

    Rules(Values values, Problems problems) {
        this.values = values;
        this.problems = problems;
    }

    void check() {
        aServiceHasAKey();
        for (Service service : SERVICES) {
            whatIsSetIsServed(service);
            wellKnownKeyStaysAtHome(service);
            needs(service.secondaryKey(), service.primaryKey());
            needs(service.certificate(), service.certificateKey());
            needs(service.certificateKey(), service.certificate());
        }
        doorsDiffer();
        aMessageFitsIntoTheQueue();
        upstreamsMayBeCalled();
    }

    List<String> warnings() {
        return warnings;
    }

    /** A service is served when it has a key (docs/decisions/0023). */
    private boolean isServed(Service service) {
        return problems.isBroken(service.primaryKey()) || values.find(service.primaryKey()) != null;
    }

    private void aServiceHasAKey() {
        if (SERVICES.stream().noneMatch(this::isServed)) {
            problems.add("neither '%s' nor '%s' is set, so nothing would be served; make a key with: %s"
                            .formatted(
                                    SIGNALR.primaryKey().key(),
                                    WEBPUBSUB.primaryKey().key(),
                                    KeyType.RECIPE)
                    + " - and put it into the file or into %s or %s"
                            .formatted(
                                    SIGNALR.primaryKey().environmentName(),
                                    WEBPUBSUB.primaryKey().environmentName()));
        }
    }

    /** Who sets up a service and forgets its key would look for it in vain. */
    private void whatIsSetIsServed(Service service) {
        if (isServed(service)) {
            return;
        }
        Catalogue.all().stream()
                .filter(setting -> setting.key().startsWith(service.section()) && values.origin(setting) != null)
                .findFirst()
                .ifPresent(set -> warnings.add(located(
                        set,
                        "'%s' is set, but %s is not served without '%s'"
                                .formatted(
                                        set.key(),
                                        service.name(),
                                        service.primaryKey().key()))));
    }

    private void wellKnownKeyStaysAtHome(Service service) {
        for (Setting<String> key : List.of(service.primaryKey(), service.secondaryKey())) {
            if (!KeySettings.WELL_KNOWN.equals(values.find(key))) {
                continue;
            }
            for (Setting<ListenSettings> door : service.doors()) {
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
        var doors = new ArrayList<Setting<ListenSettings>>();
        SERVICES.stream().filter(this::isServed).forEach(service -> doors.addAll(service.doors()));
        doors.add(Catalogue.ADMIN_LISTEN);
        for (int i = 0; i < doors.size(); i++) {
            for (int j = i + 1; j < doors.size(); j++) {
                ListenSettings first = values.find(doors.get(i));
                ListenSettings second = values.find(doors.get(j));
                if (clash(first, second) && !problems.isBroken(doors.get(i)) && !problems.isBroken(doors.get(j))) {
                    problems.add("'%s' %s and '%s' %s take the same port"
                            .formatted(doors.get(i).key(), first, doors.get(j).key(), second));
                }
            }
        }
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
            mayBeCalled(
                    Catalogue.SIGNALR_UPSTREAM, "item " + (i + 1), rules.get(i).host(), addresses);
        }
        new TreeMap<>(values.need(Catalogue.WEBPUBSUB_HUBS)).forEach((name, hub) -> {
            for (int i = 0; i < hub.eventHandlers().size(); i++) {
                String item = "hub '" + name + "' 'eventHandlers' item " + (i + 1);
                mayBeCalled(
                        Catalogue.WEBPUBSUB_HUBS, item, host(hub.eventHandlers().get(i)), addresses);
            }
        });
    }

    private void mayBeCalled(Setting<?> setting, String item, String host, WebhookSettings.Addresses addresses) {
        if (isLoopback(host)) {
            warnings.add(located(
                    setting,
                    "'%s' %s: %s is this machine, which '%s' %s does not allow; name it in '%s' if it is meant"
                            .formatted(
                                    setting.key(),
                                    item,
                                    host,
                                    Catalogue.UPSTREAM_ADDRESSES.key(),
                                    addresses.name().toLowerCase(Locale.ROOT),
                                    Catalogue.UPSTREAM_ALLOW.key())));
        }
    }

    /** What its type has made sure of, without the port, and an IPv6 address without its brackets. */
    private static String host(EventHandlerSettings handler) {
        String place = handler.url().replaceFirst("^[^:]+://", "").replaceFirst("[/?].*", "");
        return place.startsWith("[") ? place.replaceFirst("^.([^\\]]*).*", "$1") : place.replaceFirst(":.*", "");
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
