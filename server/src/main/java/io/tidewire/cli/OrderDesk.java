package io.tidewire.cli;

import static io.tidewire.cli.ServiceAccess.encode;

import io.tidewire.cli.Order.Whom;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Carries out what was typed, through the REST API, and says what came of it. */
final class OrderDesk {
    private final RestApi api;
    private final String serverName;
    private final PrintStream out;
    private final PrintStream err;
    private String target;
    private int made;

    /**
     * @param serverName first argument of each call, as in the vendor's sample
     * @param target client method to call until another is named
     */
    OrderDesk(RestApi api, String serverName, String target, PrintStream out, PrintStream err) {
        this.api = api;
        this.serverName = serverName;
        this.target = target;
        this.out = out;
        this.err = err;
    }

    /** False when it failed; then {@code err} says why. An answer of "no" is no failure. */
    boolean carryOut(Order order) throws InterruptedException {
        try {
            return switch (order) {
                case Order.Send send -> send(send);
                case Order.Join join -> done(api.v1("PUT", membership(join.group(), join.whom(), join.id()), null));
                case Order.Leave leave ->
                    done(api.v1("DELETE", membership(leave.group(), leave.whom(), leave.id()), null));
                case Order.Close close -> done(close(close));
                case Order.Exists exists ->
                    answered(api.v1("HEAD", "/" + plural(exists.whom()) + "/" + encode(exists.id()), null));
                case Order.InGroup in ->
                    answered(api.dated("HEAD", "/users/" + encode(in.user()) + "/groups/" + encode(in.group()), ""));
                case Order.Target named -> {
                    target = named.name();
                    out.println("calling " + Printable.line(target) + " from now on");
                    yield true;
                }
                case Order.Help _ -> {
                    out.print(OrderSyntax.HELP);
                    yield true;
                }
                case Order.Quit _ -> true;
            };
        } catch (CommandFailed e) {
            err.println(e.getMessage());
            return false;
        }
    }

    private boolean send(Order.Send send) throws CommandFailed, InterruptedException {
        var text = send.message() == null ? "Hello " + ++made + " from " + serverName : send.message();
        var body = JsonText.object(json -> json.writeStringProperty("target", target)
                .writeName("arguments")
                .writeStartArray()
                .writeString(serverName)
                .writeString(text)
                .writeEndArray());
        if (send.whom() == Whom.ALL) {
            return accepted(api.v1("POST", "", body), "");
        }
        boolean all = true;
        for (var id : send.ids()) {
            var label = send.ids().size() == 1 ? "" : Printable.line(id) + ": ";
            all &= accepted(api.v1("POST", "/" + plural(send.whom()) + "/" + encode(id), body), label);
        }
        return all;
    }

    /** 1.0 closes one connection; whole users, groups and hubs came with 2022-06-01. */
    private RestApi.Answer close(Order.Close close) throws CommandFailed, InterruptedException {
        var reason = close.reason();
        var id = encode(close.id());
        return switch (close.whom()) {
            case CONNECTION ->
                api.v1("DELETE", "/connections/" + id + (reason == null ? "" : "?reason=" + encode(reason)), null);
            case USER -> closeAll("/users/" + id, reason);
            case GROUP -> closeAll("/groups/" + id, reason);
            case ALL -> closeAll("", reason);
        };
    }

    private RestApi.Answer closeAll(String of, @Nullable String reason) throws CommandFailed, InterruptedException {
        return api.dated("POST", of + "/:closeConnections", reason == null ? "" : "&reason=" + encode(reason));
    }

    private static String membership(String group, Whom whom, String id) {
        return "/groups/" + encode(group) + "/" + plural(whom) + "/" + encode(id);
    }

    private static String plural(Whom whom) {
        return whom.name().toLowerCase(Locale.ROOT) + "s";
    }

    /** A send is answered with 202 and nothing else: any other success would be another service. */
    private boolean accepted(RestApi.Answer answer, String label) {
        return report(answer, label, answer.status() == 202);
    }

    private boolean done(RestApi.Answer answer) {
        return report(answer, "", answer.success());
    }

    private boolean answered(RestApi.Answer answer) {
        var no = answer.status() == 404;
        return report(answer, no ? "no: " : answer.success() ? "yes: " : "", no || answer.success());
    }

    private boolean report(RestApi.Answer answer, String label, boolean good) {
        var line = new StringBuilder(label)
                .append(answer.status())
                .append(String.format(Locale.ROOT, "  %.1f ms", answer.elapsed().toNanos() / 1e6));
        if (!answer.errorCode().isEmpty()) {
            line.append("  ").append(Printable.line(answer.errorCode()));
        }
        if (!good && !answer.body().isBlank()) {
            line.append("  ")
                    .append(Printable.shortened(Printable.line(answer.body().strip()), 1000));
        }
        (good ? out : err).println(line);
        return good;
    }
}
