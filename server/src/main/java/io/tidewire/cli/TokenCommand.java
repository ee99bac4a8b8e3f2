package io.tidewire.cli;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidewire token}: what a negotiate endpoint of an application would hand out. */
@Command(
        name = "token",
        description = "Make an access token, for a client of a hub or for the REST API of SignalR or Web PubSub.",
        footer = {
            "",
            "Examples:",
            "  tidewire token --hub chat --user ann",
            "  tidewire token --hub chat --user ann --claim role=admin --claim role=editor --lifetime 5m",
            "  tidewire token --hub chat --json | jq -r .url",
            "  curl -H \"Authorization: Bearer $(tidewire token --rest --raw --hub chat)\" ...",
            "  tidewire token -s webpubsub --hub chat --user ann --role joinLeaveGroup --role sendToGroup.lobby --group lobby",
            "",
            "A token is as good as a password until it expires."
        })
final class TokenCommand implements Callable<Integer> {
    private final Stdio io;

    @Mixin
    private ServiceOption on = new ServiceOption();

    @Option(
            names = {"-u", "--user"},
            paramLabel = "ID",
            description = "User id of the client. Default: an anonymous client.")
    private @Nullable String user;

    @Option(names = "--lifetime", paramLabel = "TIME", description = "Such as 30s, 5m, 1h, 2d. Default: 1h.")
    private Duration lifetime = Duration.ofHours(1);

    @Option(
            names = "--claim",
            paramLabel = "NAME=VALUE",
            description = "A claim of the client; repeatable, and the same name again makes a list.")
    private List<String> claims = List.of();

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = {
                "Web PubSub: what the client may do; repeatable. joinLeaveGroup and sendToGroup for every group,",
                "joinLeaveGroup.NAME and sendToGroup.NAME for one, joinLeaveGroups.PATTERN and sendToGroups.PATTERN for several."
            })
    private List<String> roles = List.of();

    @Option(
            names = "--group",
            paramLabel = "NAME",
            description = "Web PubSub: a group that the client is in from the beginning; repeatable.")
    private List<String> groups = List.of();

    @Option(names = "--rest", description = "A token for the REST API of the hub instead of a client's.")
    private boolean rest;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--raw", description = "Print the token alone.")
    private boolean raw;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    TokenCommand(Stdio io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        if (lifetime.isZero()) {
            throw WrongUsage.of(spec.commandLine(), "--lifetime must be longer than nothing");
        }
        if (rest && !(user == null && claims.isEmpty() && roles.isEmpty() && groups.isEmpty())) {
            throw WrongUsage.of(
                    spec.commandLine(), "--rest makes a caller's token: without --user, --claim, --role and --group");
        }
        var service = on.service();
        return switch (on.kind()) {
            case SIGNALR -> {
                if (!roles.isEmpty() || !groups.isEmpty()) {
                    throw WrongUsage.of(
                            spec.commandLine(), "--role and --group are for --service webpubsub; SignalR has --claim");
                }
                var path = "/api/v1/hubs/" + ServiceAccess.encode(on.hub());
                yield rest
                        ? print(service, service.restUrl(path), service.restToken(path, lifetime))
                        : print(
                                service,
                                service.clientUrl(on.hub()),
                                service.clientToken(on.hub(), user, parsedClaims(), lifetime));
            }
            case WEBPUBSUB -> {
                var path = "/api/hubs/" + ServiceAccess.encode(on.hub());
                yield rest
                        ? print(service, service.restUrl(path), service.restToken(path, lifetime))
                        : pubSubClient(service);
            }
        };
    }

    /** With the token in the URL, so that it opens a WebSocket as it stands. */
    private int pubSubClient(ServiceAccess service) {
        var all = parsedClaims();
        if (!roles.isEmpty()) {
            all.computeIfAbsent("role", _ -> new ArrayList<>())
                    .addAll(roles.stream().map(this::role).toList());
        }
        if (!groups.isEmpty()) {
            all.put("webpubsub.group", groups);
        }
        var token = service.pubSubToken(on.hub(), user, all, lifetime);
        return print(service, URI.create(service.pubSubUrl(on.hub()) + "?access_token=" + token), token);
    }

    private String role(String text) {
        try {
            return Role.of(text);
        } catch (IllegalArgumentException e) {
            throw WrongUsage.of(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private int print(ServiceAccess service, URI url, String token) {
        var out = io.out();
        if (raw) {
            out.println(token);
        } else if (json) {
            out.println(JsonText.object(members -> members.writeStringProperty("url", url.toString())
                    .writeStringProperty("accessToken", token)
                    .writeStringProperty("connectionString", service.connectionString())));
        } else {
            out.println((rest ? "REST URL          " : "Client URL        ") + url);
            out.println("Token             " + token);
            out.println("Connection string " + service.connectionString());
        }
        return ExitCode.OK;
    }

    private Map<String, List<String>> parsedClaims() {
        var parsed = new LinkedHashMap<String, List<String>>();
        for (var claim : claims) {
            int equals = claim.indexOf('=');
            if (equals < 1) {
                throw WrongUsage.of(spec.commandLine(), "--claim needs NAME=VALUE, not '" + claim + "'");
            }
            parsed.computeIfAbsent(claim.substring(0, equals), _ -> new ArrayList<>())
                    .add(claim.substring(equals + 1));
        }
        return parsed;
    }
}
