package io.tidewire.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * One request and its one answer. Requests of one connection are handled strictly one after the other, also when they are
 * pipelined: the next one starts after this one is answered, so answers and effects keep the order in which they were sent.
 */
public interface Exchange {
    HttpMethod method();

    /** The path as sent: not decoded, without the query. */
    String rawPath();

    /** The raw query without {@code ?}; empty when there is none. */
    String rawQuery();

    /**
     * Scheme and authority under which the caller reached this server, without a slash at the end: what links in answers
     * start with. Proxies are believed where {@code http.trustedProxies} names them.
     */
    String baseUrl();

    /** By which hosts this server was called, with their ports: by the caller, and by the proxy where one is trusted. */
    List<String> hosts();

    /** The caller's address, behind proxies that are trusted. */
    InetAddress remoteAddress();

    /** The value of a template parameter such as {@code {hub}}, percent-decoded exactly once. */
    String pathParameter(String name);

    /** The query, decoded. */
    Query query();

    HttpHeaders headers();

    /** The whole body, within the limit; empty when there is none. Borrowed until the answer; whoever keeps it retains it. */
    ByteBuf body();

    Route route();

    /** The connection this came on. Its event loop is the thread of {@link Handler#handle}. */
    Channel channel();

    /** Sends the answer; exactly once, from any thread. */
    void respond(Response response);

    /** Renders the problem in the route's format and sends it; from any thread. */
    void respond(Problem problem);

    /**
     * Runs this, on the event loop, when the connection goes before the answer is given: for handlers that let a client wait. One at a
     * time, a later one replaces it. Asked for late it may come although the answer was given meanwhile. Any thread.
     */
    void onGone(Runnable action);

    /**
     * Answers with this head and a body of any length, for as long as it takes: pieces are written to {@link #channel()} as
     * {@code HttpContent} and flushed by whoever writes, until {@link AnswerStream#end}. The next request of the connection waits for that.
     * The body of the request is given back now. Event loop only.
     *
     * @param head its own body is not looked at
     */
    AnswerStream stream(Response head, AnswerStream.Writer writer);

    /**
     * Leaves HTTP: the HTTP handlers are taken out of the pipeline after {@code response} (a 101) is written, and
     * {@code takeOver} gets the channel to install its own. Bytes that followed the request arrive at those. Event loop only.
     */
    void upgrade(Response response, Consumer<Channel> takeOver);
}
