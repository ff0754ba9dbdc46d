package io.sluice.config.parse;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpListenerConfig.Inspect;
import io.sluice.config.TcpRouteConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Finds listeners whose clients cannot be served by a pool that begins TLS with PostgreSQL's SSLRequest. Owned by one
 * parse.
 */
final class PostgresTlsUses {

    private final Set<String> pools = new HashSet<>();
    private final List<Use> uses = new ArrayList<>();

    void define(PoolConfig pool) {
        if (pool.asksForPostgresTls()) {
            pools.add(pool.name());
        }
    }

    void use(ListenerConfig listener, Node at, String path) {
        uses.add(new Use(listener, at, path));
    }

    void resolve(Reading reading) {
        for (Use use : uses) {
            switch (use.listener()) {
                case HttpListenerConfig http -> http.poolNames().stream().filter(pools::contains)
                        .forEach(pool -> refuse(use, reading, pool, "which is not for HTTP",
                                "give its tls negotiation: direct, or remove it"));
                case TcpListenerConfig tcp -> tcp.routes().stream()
                        .filter(route -> pools.contains(route.target().pool()))
                        .forEach(route -> look(use, tcp, route, reading));
            }
        }
    }

    private static void look(Use use, TcpListenerConfig listener, TcpRouteConfig route, Reading reading) {
        String pool = route.target().pool();
        if (route.passTls()) {
            refuse(use, reading, pool, "so clients' own cannot be passed", "remove pass-tls, or the pool's tls");
        } else if (listener.tls().isEmpty() && route.isConditional()) {
            refuse(use, reading, pool, "so clients that are told apart by theirs cannot be passed",
                    "give the listener tls, or remove the pool's");
        } else if (listener.tls().isEmpty() && listener.inspect() == Inspect.OFF) {
            reading.warning(use.at(), use.path(), "clients that ask for TLS first, as psql does by itself, get no "
                    + "answer from pool " + Nodes.quoted(pool) + ", where Sluice has asked already: write inspect: "
                    + "postgres");
        }
    }

    private static void refuse(Use use, Reading reading, String pool, String why, String remedy) {
        reading.error(use.at(), use.path(), "pool " + Nodes.quoted(pool)
                + " begins TLS of its own as PostgreSQL does, " + why, Optional.of(remedy));
    }

    private record Use(ListenerConfig listener, Node at, String path) { }
}
