package io.tidewire.cli;

import picocli.CommandLine.Option;

/** The two options with which a command names a service and a hub. */
final class ServiceOption {
    @Option(
            names = {"-c", "--connection-string"},
            paramLabel = "STRING",
            description = "Connection string of the service. Default: the one of 'tidewire dev'.")
    private ServiceAccess service = ServiceAccess.of(ServiceAccess.DEV);

    @Option(
            names = {"-h", "--hub"},
            paramLabel = "HUB",
            required = true,
            description = "Name of the hub.")
    private HubName hub = new HubName("");

    ServiceAccess service() {
        return service;
    }

    String hub() {
        return hub.value();
    }
}
