package io.sluice.core.pool;

import io.sluice.config.Endpoint;
import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Servers for tests, and what to ask of several at once. */
final class Servers {

    private Servers() { }

    static Server server(String name, int maxConnections) {
        return new Server(0, new ServerConfig(name, new Endpoint("192.0.2.1", 5432), 1, false, maxConnections,
                AdminState.READY));
    }

    /** Servers named s0, s1 and so on. */
    static Server[] servers(int count, int maxConnections) {
        return IntStream.range(0, count).mapToObj(i -> server("s" + i, maxConnections)).toArray(Server[]::new);
    }

    static Server[] servers(int count) {
        return servers(count, Integer.MAX_VALUE);
    }

    static int[] equalWeights(int count) {
        int[] weights = new int[count];
        Arrays.fill(weights, 1);
        return weights;
    }

    static int[] connections(Server... servers) {
        return Stream.of(servers).mapToInt(Server::connections).toArray();
    }

    static TriedServers tried(Server... servers) {
        TriedServers tried = new TriedServers();
        for (Server server : servers) {
            tried.add(server);
        }
        return tried;
    }

    /** The names of the servers that so many picks choose, each slot given back at once or kept. */
    static String picks(Balancer balancer, int count, boolean giveBack) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < count; i++) {
            Server server = balancer.pick(0, TriedServers.NONE);
            names.append(i == 0 ? "" : " ").append(server);
            if (giveBack) {
                server.release();
            }
        }
        return names.toString();
    }
}
