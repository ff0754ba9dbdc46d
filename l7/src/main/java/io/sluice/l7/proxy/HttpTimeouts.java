package io.sluice.l7.proxy;

import io.sluice.config.HttpListenerConfig;
import io.sluice.core.relay.SilenceLimits;
import io.sluice.l7.route.Route;

/** An HTTP listener's time limits. Immutable. */
record HttpTimeouts(long requestHeaderNs, long clientNs, long keepAliveNs, long tunnelNs, long halfClosedNs) {

    static HttpTimeouts of(HttpListenerConfig.Timeouts config) {
        return new HttpTimeouts(config.requestHeader().toNanos(), config.client().toNanos(),
                config.keepAlive().toNanos(), config.tunnel().toNanos(), config.halfClosed().toNanos());
    }

    /** Of an upgraded connection. */
    SilenceLimits tunnel(Route route) {
        long silenceNs = route.tunnelNs().orElse(tunnelNs);
        return new SilenceLimits(silenceNs, silenceNs, halfClosedNs);
    }
}
