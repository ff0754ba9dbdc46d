package io.sluice.config.parse;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.HttpPoolConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.RequestKey;
import io.sluice.config.TcpListenerConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds pools with keys that only HTTP follows, but with TCP clients only. Owned by one parse. */
final class HttpPoolUses {

    /** By pool, those of its keys. */
    private final Map<String, List<String>> keys = new LinkedHashMap<>();
    private final Set<String> usedByTcp = new HashSet<>();
    private final Set<String> usedByHttp = new HashSet<>();

    void define(PoolConfig pool) {
        HttpPoolConfig http = pool.http();
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
        if (!given.isEmpty()) {
            keys.put(pool.name(), given);
        }
    }

    void use(ListenerConfig listener) {
        switch (listener) {
            case HttpListenerConfig http -> usedByHttp.addAll(http.poolNames());
            case TcpListenerConfig tcp -> tcp.routes().forEach(route -> usedByTcp.add(route.target().pool()));
        }
    }

    void resolve(Reading reading) {
        keys.forEach((pool, given) -> {
            if (usedByTcp.contains(pool) && !usedByHttp.contains(pool)) {
                reading.pools().warning(pool, "the pool's clients use TCP, which does not follow "
                        + String.join(" and ", given) + ": that takes a listener with protocol: http", reading);
            }
        });
    }
}
