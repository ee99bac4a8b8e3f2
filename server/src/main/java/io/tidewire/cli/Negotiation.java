package io.tidewire.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How a client finds its connection: asks to negotiate, follows where it is sent, ends with a WebSocket address (reference D.1, I.1).
 *
 * @param socket where to open the WebSocket
 * @param token to open it with
 */
record Negotiation(URI socket, String token) {
    /** As many as the vendor's clients follow. */
    private static final int MAX_REDIRECTS = 100;

    static Negotiation with(HttpClient http, URI clientUrl, String token, Duration timeout)
            throws ConnectFailed, InterruptedException {
        var url = clientUrl;
        var bearer = token;
        for (int i = 0; i < MAX_REDIRECTS; i++) {
            var answer = ask(http, url, bearer, timeout);
            if (answer.containsKey("error")) {
                throw new ConnectFailed("negotiate refused: " + answer.get("error"), false, null);
            }
            var redirect = answer.get("url");
            if (redirect == null) {
                return new Negotiation(socketUrl(url, answer), bearer);
            }
            url = uri(redirect);
            bearer = answer.getOrDefault("accessToken", bearer);
        }
        throw new ConnectFailed("negotiate redirected more than " + MAX_REDIRECTS + " times", false, null);
    }

    private static Map<String, String> ask(HttpClient http, URI url, String token, Duration timeout)
            throws ConnectFailed, InterruptedException {
        var request = HttpRequest.newBuilder(negotiateUrl(url))
                .timeout(timeout)
                .header("Authorization", "Bearer " + token)
                .header("X-Requested-With", "XMLHttpRequest")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new ConnectFailed("no answer from " + origin(url) + ": " + RestApi.reason(e), true, e);
        }
        int status = response.statusCode();
        if (status != 200) {
            throw new ConnectFailed(
                    "negotiate with " + origin(url) + " answered " + status + explained(status, response.body()),
                    status >= 500 || status == 429 || status == 408,
                    null);
        }
        return topLevelStrings(response.body());
    }

    /** {@code /negotiate} goes between the path and the query. */
    static URI negotiateUrl(URI url) {
        var text = url.toString();
        int query = text.indexOf('?');
        var path = query < 0 ? text : text.substring(0, query);
        return URI.create(path + (path.endsWith("/") ? "" : "/") + "negotiate?"
                + (query < 0 ? "" : text.substring(query + 1) + "&") + "negotiateVersion=1");
    }

    private static URI socketUrl(URI url, Map<String, String> answer) throws ConnectFailed {
        // Version 0 of the answer knows only the connection id, which then is the secret as well.
        var id = answer.getOrDefault("connectionToken", answer.get("connectionId"));
        if (id == null) {
            throw new ConnectFailed("negotiate with " + origin(url) + " answered without a connection id", false, null);
        }
        if (!answer.containsKey("WebSockets")) {
            throw new ConnectFailed("the server offers no WebSockets to this token", false, null);
        }
        var text = url.toString().replaceFirst("^http", "ws");
        return uri(text + (text.contains("?") ? "&" : "?") + "id=" + ServiceAccess.encode(id));
    }

    private static URI uri(String text) throws ConnectFailed {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new ConnectFailed("negotiate redirected to something that is no URL", false, e);
        }
    }

    /** The text members of the answer; each offered transport appears as a key of its own. */
    private static Map<String, String> topLevelStrings(String body) throws ConnectFailed {
        var found = new HashMap<String, String>();
        try (var json = new JsonFactory().createParser(ObjectReadContext.empty(), body)) {
            int depth = 0;
            for (var token = json.nextToken(); token != null; token = json.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (token == JsonToken.VALUE_STRING && depth == 1) {
                    found.put(json.currentName(), json.getString());
                } else if (token == JsonToken.VALUE_STRING && "transport".equals(json.currentName())) {
                    found.put(json.getString(), "");
                }
            }
            return found;
        } catch (JacksonException e) {
            throw new ConnectFailed("the answer to negotiate is no JSON; is this a SignalR endpoint?", false, e);
        }
    }

    private static String explained(int status, String body) {
        var hint = switch (status) {
            case 401 -> ": the token is not accepted; is the AccessKey of the connection string the server's?";
            case 404 ->
                ": SignalR is not served there; is the Endpoint of the connection string right, or is it Web PubSub's (-s webpubsub)?";
            default -> "";
        };
        var said = Printable.line(body.strip());
        return hint + (said.isEmpty() ? "" : " (" + Printable.shortened(said, 200) + ")");
    }

    private static String origin(URI url) {
        return url.getScheme() + "://" + url.getRawAuthority();
    }
}
