package io.sluice.l7.proxy;

import io.sluice.config.HttpListenerConfig;
import io.sluice.core.relay.SilenceLimits;
import io.sluice.l7.route.Route;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP listener's time limits. Immutable.
 *
 * @param lingerNs how long to discard a client's bytes after the last response, so that it can read that response
 */
record HttpTimeouts(long requestHeaderNs, long clientNs, long keepAliveNs, long lingerNs, long tunnelNs,
                    long halfClosedNs) {

    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(5);

    static HttpTimeouts of(HttpListenerConfig.Timeouts config) {
        return new HttpTimeouts(config.requestHeader().toNanos(), config.client().toNanos(),
                config.keepAlive().toNanos(), LINGER_NS, config.tunnel().toNanos(),
                config.halfClosed().toNanos());
    }

    /** Of an upgraded connection. */
    SilenceLimits tunnel(Route route) {
        long silenceNs = route.tunnelNs().orElse(tunnelNs);
        return new SilenceLimits(silenceNs, silenceNs, halfClosedNs);
    }
}
