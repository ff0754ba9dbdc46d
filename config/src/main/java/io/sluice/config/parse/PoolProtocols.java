package io.sluice.config.parse;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.HttpPoolConfig;
import io.sluice.config.HttpPoolConfig.Retry;
import io.sluice.config.ListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.RequestKey;
import io.sluice.config.TcpListenerConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds keys of pools that do nothing, or less than one may think, for the protocols of the pool's clients. Owned by
 * one parse.
 */
final class PoolProtocols {

    private final List<PoolConfig> pools = new ArrayList<>();
    private final Set<String> usedByTcp = new HashSet<>();
    private final Set<String> usedByHttp = new HashSet<>();

    void define(PoolConfig pool) {
        pools.add(pool);
    }

    void use(ListenerConfig listener) {
        switch (listener) {
            case HttpListenerConfig http -> usedByHttp.addAll(http.poolNames());
            case TcpListenerConfig tcp -> tcp.routes().forEach(route -> usedByTcp.add(route.target().pool()));
        }
    }

    void resolve(Reading reading) {
        for (PoolConfig pool : pools) {
            warnIfOnlyForHttp(pool, reading);
            if (!pool.failover().hold().isZero()) {
                warnIfHoldsLess(pool, reading);
            }
        }
    }

    private void warnIfOnlyForHttp(PoolConfig pool, Reading reading) {
        List<String> given = keysForHttp(pool.http());
        if (!given.isEmpty() && usedByTcp.contains(pool.name()) && !usedByHttp.contains(pool.name())) {
            reading.pools().warning(pool.name(), "the pool's clients use TCP, which does not follow "
                    + String.join(" and ", given) + ": that takes a listener with protocol: http", reading);
        }
    }

    private static List<String> keysForHttp(HttpPoolConfig http) {
        List<String> given = new ArrayList<>();
        if (http.hashBy().filter(key -> !key.equals(RequestKey.BY_CLIENT)).isPresent()) {
            given.add("hash-by");
        }
        if (http.sticky().isPresent()) {
            given.add("sticky");
        }
        if (!http.errorPages().isEmpty()) {
            given.add("error-pages");
        }
        return given;
    }

    /** To wait after a failed connection attempt is to try again, so it takes a retry. */
    private void warnIfHoldsLess(PoolConfig pool, Reading reading) {
        if (usedByTcp.contains(pool.name()) && pool.retries() == 0) {
            reading.pools().warning(pool.name(), "hold does not hold clients that a server refuses before it is DOWN: "
                    + "that takes retries: 1 at least", reading);
        }
        Retry retry = pool.http().retry();
        if (usedByHttp.contains(pool.name())
                && !(retry.on().contains(Retry.On.CONNECT_FAILURE) && retry.attempts() > 0)) {
            reading.pools().warning(pool.name(), "hold does not hold requests that a server refuses before it is DOWN: "
                    + "that takes a retry on connect-failure", reading);
        }
    }
}
