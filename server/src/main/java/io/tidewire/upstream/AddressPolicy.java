package io.tidewire.upstream;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which addresses may be dialled: keeps whoever can influence a URL, or the name server of its host, from reaching what only
 * this machine can reach. Immutable.
 */
final class AddressPolicy {
    private final WebhookSettings.Addresses addresses;
    private final List<Prefix> ranges = new ArrayList<>();
    private final Set<String> hosts = new HashSet<>();

    AddressPolicy(WebhookSettings settings) {
        this.addresses = settings.addresses();
        for (WebhookSettings.Allowed allowed : settings.allow()) {
            switch (allowed) {
                case WebhookSettings.Range range -> ranges.add(Prefix.of(range));
                case WebhookSettings.Host host -> hosts.add(host.name());
            }
        }
    }

    /** Those of a host's addresses that may be dialled, in their order. */
    List<InetAddress> allowed(String host, List<InetAddress> all) {
        return all.stream().filter(address -> allows(host, address)).toList();
    }

    boolean allows(String host, InetAddress address) {
        byte[] bytes = address.getAddress();
        if (ranges.stream().anyMatch(range -> range.holds(bytes))) {
            return true;
        }
        return switch (AddressKind.of(address)) {
            // A name that is on the list may come to point there against the will of who wrote the list.
            case LINK_LOCAL, METADATA, MULTICAST, SPECIAL -> false;
            case LOOPBACK -> addresses == WebhookSettings.Addresses.ANY || hosts.contains(host);
            case PRIVATE ->
                switch (addresses) {
                    case ANY, PRIVATE -> true;
                    case PUBLIC, LISTED -> hosts.contains(host);
                };
            case PUBLIC -> addresses != WebhookSettings.Addresses.LISTED || hosts.contains(host);
        };
    }

    /** Why none of them may be dialled, and what to set so that they may. */
    String refusal(List<InetAddress> all) {
        InetAddress first = all.getFirst();
        return "%s is %s, which upstream.addresses=%s does not allow; name it in upstream.allow if it is meant"
                .formatted(
                        first.getHostAddress(),
                        AddressKind.of(first).words(),
                        addresses.name().toLowerCase(Locale.ROOT));
    }
}
