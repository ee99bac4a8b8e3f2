package io.tidewire.cli;

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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidewire token}: what a negotiate endpoint of an application would hand out. */
@Command(
        name = "token",
        description = "Make an access token, for a client of a hub or for the REST API.",
        footer = {
            "",
            "Examples:",
            "  tidewire token --hub chat --user ann",
            "  tidewire token --hub chat --user ann --claim role=admin --claim role=editor --lifetime 5m",
            "  tidewire token --hub chat --json | jq -r .url",
            "  curl -H \"Authorization: Bearer $(tidewire token --rest --raw --hub chat)\" ...",
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

    @Option(names = "--rest", description = "A token for the REST API (1.0) of the hub instead of a client's.")
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
            throw new ParameterException(spec.commandLine(), "--lifetime must be longer than nothing");
        }
        if (rest && (user != null || !claims.isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(), "--rest makes a caller's token: without --user and --claim");
        }
        var service = on.service();
        var path = "/api/v1/hubs/" + ServiceAccess.encode(on.hub());
        var url = rest ? service.restUrl(path) : service.clientUrl(on.hub());
        var token = rest
                ? service.restToken(path, lifetime)
                : service.clientToken(on.hub(), user, parsedClaims(), lifetime);
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
                throw new ParameterException(spec.commandLine(), "--claim needs NAME=VALUE, not '" + claim + "'");
            }
            parsed.computeIfAbsent(claim.substring(0, equals), _ -> new ArrayList<>())
                    .add(claim.substring(equals + 1));
        }
        return parsed;
    }
}
