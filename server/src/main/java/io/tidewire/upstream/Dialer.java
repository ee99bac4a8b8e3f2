package io.tidewire.upstream;

import java.net.InetAddress;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.ConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Apache's client with its own ideas switched off: it resolves no name, follows no redirect, keeps no cookie, asks for no
 * compression, repeats nothing. It dials the address that it is given, while {@code Host} and TLS keep the name.
 *
 * <p>Not made before the first call: who uses no web hooks starts without its threads.
 */
final class Dialer implements AutoCloseable {
    private static final int THREADS = 2;
    static final int MAX_HEADERS = 128;
    static final int MAX_HEADER_BYTES = 16 * 1024;

    /** {@code Host} and the framing are the client's; the others belong to one connection. */
    private static final Set<String> NOT_OURS = Set.of(
            "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "expect");

    private final WebhookSettings settings;
    private final @Nullable SSLContext tls;
    private @Nullable PoolingAsyncClientConnectionManager pool;
    private @Nullable CloseableHttpAsyncClient client;
    private boolean closed;

    /** @param tls null takes that of the process, which the system properties of the JDK change */
    Dialer(WebhookSettings settings, @Nullable SSLContext tls) {
        this.settings = settings;
        this.tls = tls;
    }

    /** Sends; the exchange tells how it goes. Not on an event loop: the first call makes the client. */
    void send(Target target, InetAddress address, WebhookRequest request, Exchange exchange) {
        CloseableHttpAsyncClient running = client();
        if (running == null) {
            exchange.cancelled();
            return;
        }
        var named = new HttpHost(target.scheme(), null, target.host(), target.port());
        var dialled = new HttpHost(target.scheme(), address, target.host(), target.port());
        exchange.run(running.execute(
                dialled,
                exchange.sending(message(named, request), request),
                new ReplyReader(settings.maxResponseBytes()),
                null,
                exchange.context(),
                exchange));
    }

    private static BasicHttpRequest message(HttpHost host, WebhookRequest request) {
        String path = request.url().getRawPath();
        String query = request.url().getRawQuery();
        String target = (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
        var message = new BasicHttpRequest(request.method().name(), host, target);
        for (Map.Entry<String, String> header : request.headers()) {
            if (!NOT_OURS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                message.addHeader(header.getKey(), header.getValue());
            }
        }
        if (request.contentType() != null) {
            message.setHeader("Content-Type", request.contentType());
        }
        return message;
    }

    /** Connections that have been idle for too long. */
    void closeIdle() {
        PoolingAsyncClientConnectionManager some;
        synchronized (this) {
            some = pool;
        }
        if (some != null) {
            some.closeExpired();
        }
    }

    /** Null when closed. */
    private synchronized @Nullable CloseableHttpAsyncClient client() {
        if (client == null && !closed) {
            pool = pool();
            client = client(pool);
            client.start();
        }
        return client;
    }

    private PoolingAsyncClientConnectionManager pool() {
        DnsResolver none = new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) {
                throw new IllegalStateException("Only checked addresses are dialled");
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                throw new IllegalStateException("Only checked addresses are dialled");
            }
        };
        var security = ClientTlsStrategyBuilder.create()
                .setSslContext(tls())
                .setHostVerificationPolicy(HostnameVerificationPolicy.BUILTIN)
                .buildAsync();
        Timeout connect = Timeout.of(settings.connectTimeout());
        return PoolingAsyncClientConnectionManagerBuilder.create()
                .setDnsResolver(none)
                .setTlsStrategy(security)
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setMaxConnPerRoute(settings.maxConnections())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
                        .setHandshakeTimeout(connect)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(Timeout.DISABLED)
                        .build())
                .build();
    }

    private SSLContext tls() {
        try {
            return tls == null ? SSLContext.getDefault() : tls;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private CloseableHttpAsyncClient client(PoolingAsyncClientConnectionManager connections) {
        var number = new AtomicInteger();
        TimeValue idle = TimeValue.of(settings.idleTimeout());
        // What the application announces counts where it is less.
        ConnectionKeepAliveStrategy keepAlive = (response, context) ->
                idle.min(DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context));
        return HttpAsyncClients.custom()
                .setConnectionManager(connections)
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(THREADS)
                        .setTcpNoDelay(true)
                        .build())
                .setThreadFactory(task -> {
                    var thread = new Thread(task, "tidewire-upstream-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                })
                .setHttp1Config(Http1Config.custom()
                        .setMaxHeaderCount(MAX_HEADERS)
                        .setMaxLineLength(MAX_HEADER_BYTES)
                        .build())
                .setH2Config(H2Config.custom()
                        .setPushEnabled(false)
                        .setMaxHeaderListSize(MAX_HEADERS * 256)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setContentCompressionEnabled(false)
                        .setExpectContinueEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .setConnectionRequestTimeout(Timeout.of(settings.timeout()))
                        .build())
                .setKeepAliveStrategy(keepAlive)
                .addRequestInterceptorLast((request, entity, context) -> Exchange.isSent(context))
                .setUserAgent("Tidewire")
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .disableRequestPriority()
                .build();
    }

    @Override
    public void close() {
        CloseableHttpAsyncClient last;
        synchronized (this) {
            closed = true;
            last = client;
            client = null;
        }
        if (last != null) {
            last.close(CloseMode.IMMEDIATE);
        }
    }
}
