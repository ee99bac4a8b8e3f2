package io.tidewire.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options with which a command names a service and a hub. */
final class ServiceOption {
    @Option(
            names = {"-s", "--service"},
            paramLabel = "SERVICE",
            description = "signalr or webpubsub. Default: signalr.")
    private ServiceKind kind = ServiceKind.SIGNALR;

    @Option(
            names = {"-c", "--connection-string"},
            paramLabel = "STRING",
            description = "Connection string of the service. Default: the one of 'tidewire dev'.")
    private @Nullable ServiceAccess service;

    @Option(
            names = {"-h", "--hub"},
            paramLabel = "HUB",
            required = true,
            description = "Name of the hub.")
    private HubName hub = new HubName("");

    ServiceKind kind() {
        return kind;
    }

    ServiceAccess service() {
        return service == null ? ServiceAccess.of(kind.dev()) : service;
    }

    String hub() {
        return hub.value();
    }
}
