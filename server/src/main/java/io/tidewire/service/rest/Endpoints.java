package io.tidewire.service.rest;

import io.netty.handler.codec.http.HttpMethod;
import io.tidewire.http.Exchange;
import io.tidewire.http.Handler;
import io.tidewire.http.Problem;
import io.tidewire.http.ProblemFormat;
import io.tidewire.http.Response;
import io.tidewire.http.Route;
import io.tidewire.service.access.Access;
import io.tidewire.service.access.Quotas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Makes routes of operations: who may call, whether messages are left, then the action.
 *
 * @param <C> a call of the service
 */
public final class Endpoints<C> {
    private final Access access;
    private final Quotas quotas;
    private final Function<Exchange, C> calls;

    public Endpoints(Access access, Quotas quotas, Function<Exchange, C> calls) {
        this.access = access;
        this.quotas = quotas;
        this.calls = calls;
    }

    /** The operation under its own path and under its other ones. */
    public List<Route> of(Operation<C> operation, Set<String> versions, ProblemFormat errors) {
        var routes = new ArrayList<Route>();
        routes.add(route(operation, operation.method(), operation.template(), versions, errors));
        for (Operation.Alias alias : operation.aliases()) {
            routes.add(route(operation, alias.method(), alias.template(), versions, errors));
        }
        return routes;
    }

    private Route route(
            Operation<C> operation, HttpMethod method, String template, Set<String> versions, ProblemFormat errors) {
        Operation.Action<C> action = operation.action();
        Handler handler = exchange -> {
            if (!operation.anonymous()) {
                access.restCall(exchange);
            }
            if (operation.body().carriesMessages()) {
                quotas.checkMessages();
            }
            action.run(calls.apply(exchange));
        };
        return new Route(
                method, template, versions, operation.id(), operation.body().mediaTypes(), errors, handler);
    }

    /** The documents as files under {@code /openapi}, for everybody to read; each is written when it is first asked for. */
    public static Route openApi(String title, List<? extends Document<?>> documents) {
        Map<String, Document<?>> files = new HashMap<>();
        for (Document<?> document : documents) {
            files.put(document.name() + ".json", document);
            document.otherNames().forEach(name -> files.put(name + ".json", document));
        }
        Map<String, byte[]> written = new ConcurrentHashMap<>();
        return new Route(
                HttpMethod.GET,
                "/openapi/{file}",
                Set.of(),
                "OpenApi_Get",
                Set.of(),
                ProblemFormat.PLAIN_TEXT,
                exchange -> {
                    String file = exchange.pathParameter("file");
                    Document<?> document = files.get(file);
                    if (document == null) {
                        throw new Problem(
                                404,
                                "NotFound",
                                "There is no such document; these are: "
                                        + files.keySet().stream().sorted().toList());
                    }
                    byte[] json = written.computeIfAbsent(document.name(), _ -> OpenApi.write(title, document));
                    exchange.respond(Response.json(200, json).with("Access-Control-Allow-Origin", "*"));
                });
    }
}
