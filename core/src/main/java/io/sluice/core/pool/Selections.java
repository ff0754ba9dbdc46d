package io.sluice.core.pool;

import io.sluice.config.PoolConfig.Balance;
import io.sluice.config.TargetConfig.Wanted;
import java.util.List;
import java.util.function.Function;

/**
 * The servers of a pool that take new connections at one moment, for each role that may be wanted. Immutable but for
 * the balancers' cursors.
 */
record Selections(Selection any, Selection primary, Selection replica, Selection replicaOrPrimary) {

    /** @param weightsOf the weights of servers, in their order */
    static Selections of(Balance balance, List<Server> up, Function<List<Server>, int[]> weightsOf) {
        List<Server> primaries = up.stream().filter(server -> server.role() == Role.PRIMARY).toList();
        List<Server> replicas = up.stream().filter(server -> server.role() == Role.REPLICA).toList();
        Selection primary = tiers(balance, primaries, weightsOf, null);
        return new Selections(
                tiers(balance, up, weightsOf, null),
                primary,
                tiers(balance, replicas, weightsOf, null),
                tiers(balance, replicas, weightsOf, primary));
    }

    Selection of(Wanted wanted) {
        return switch (wanted) {
            case ANY -> any;
            case PRIMARY -> primary;
            case REPLICA -> replica;
            case REPLICA_OR_PRIMARY -> replicaOrPrimary;
        };
    }

    /** The regular ones of these servers, then their backups, then {@code behind}. */
    private static Selection tiers(Balance balance, List<Server> servers, Function<List<Server>, int[]> weightsOf,
                                   Selection behind) {
        Selection selection = behind;
        for (boolean backup : new boolean[] {true, false}) {
            List<Server> tier = servers.stream().filter(server -> server.config().backup() == backup).toList();
            if (!tier.isEmpty()) {
                selection = Selection.of(balance, tier, weightsOf.apply(tier), selection);
            }
        }
        return selection == null ? Selection.of(balance, List.of(), new int[0], null) : selection;
    }
}
