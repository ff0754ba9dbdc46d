package io.sluice.l7.proxy;

import io.sluice.config.HttpListenerConfig;
import io.sluice.core.relay.SilenceLimits;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP listener's time limits. Immutable.
 *
 * @param lingerNs how long to discard a client's bytes after the last response, so that it can read that response
 */
record HttpTimeouts(long requestHeaderNs, long clientNs, long keepAliveNs, long lingerNs, SilenceLimits tunnel) {

    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(5);

    static HttpTimeouts of(HttpListenerConfig.Timeouts config) {
        long tunnelNs = config.tunnel().toNanos();
        return new HttpTimeouts(config.requestHeader().toNanos(), config.client().toNanos(),
                config.keepAlive().toNanos(), LINGER_NS,
                new SilenceLimits(tunnelNs, tunnelNs, config.halfClosed().toNanos()));
    }
}
