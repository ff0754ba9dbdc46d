package io.sluice.core.pool;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The weights of servers, which grow step by step when a server has come back. Guarded by its {@link ServerStates}. */
final class SlowStart {

    /** Steps in which a recovering server's weight grows. */
    private static final int STEPS = 20;
    /** Weights are multiplied by this while one grows, so that steps are finer than whole weights. */
    private static final int SCALE = 100;

    private long lengthNs;
    /** When the servers whose weights grow came back. */
    private final Map<Server, Long> recoveredNs = new HashMap<>();

    /** @param length zero: at once */
    SlowStart(Duration length) {
        length(length);
    }

    /** Sets how long weights grow; zero: they are full at once. */
    void length(Duration changed) {
        lengthNs = changed.toNanos();
        if (lengthNs == 0) {
            recoveredNs.clear();
        }
    }

    /** The server has come back. True if {@link #step} is to be called, after {@link #stepNs}. */
    boolean begin(Server server, long nowNs) {
        if (lengthNs > 0) {
            recoveredNs.put(server, nowNs);
        }
        return lengthNs > 0;
    }

    long stepNs() {
        return lengthNs / STEPS;
    }

    /** Whether the server's weight still grows since it came back at that time. */
    boolean applies(Server server, long sinceNs) {
        Long lastNs = recoveredNs.get(server);
        return lastNs != null && lastNs == sinceNs;
    }

    private boolean applies(Server server) {
        return recoveredNs.containsKey(server);
    }

    /** Weights may have grown. True if there is a further step. */
    boolean step(Server server, long nowNs) {
        if (nowNs - recoveredNs.get(server) >= lengthNs) {
            recoveredNs.remove(server);
        }
        return applies(server);
    }

    /** The weights of these servers, in their order. */
    int[] weightsOf(List<Server> servers, long nowNs) {
        boolean anyGrows = servers.stream().anyMatch(this::applies);
        return servers.stream().mapToInt(server -> {
            int weight = server.weight();
            if (applies(server)) {
                return grown(weight * SCALE, nowNs - recoveredNs.get(server));
            }
            return anyGrows ? weight * SCALE : weight;
        }).toArray();
    }

    /** Linear from the first step's share to the whole. */
    private int grown(int fullWeight, long sinceNs) {
        double share = (double) sinceNs / lengthNs;
        return (int) Math.max(1, fullWeight * Math.clamp(share, 1.0 / STEPS, 1.0));
    }
}
