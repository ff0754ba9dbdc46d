package io.sluice.config.parse;

import io.sluice.config.PoolConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetConfig.Wanted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** Finds uses of a role of a pool whose checks do not find out roles. Owned by one parse. */
final class RoleUses {

    private final Set<String> poolsWithoutRoles = new HashSet<>();
    private final List<Use> uses = new ArrayList<>();

    void define(PoolConfig pool) {
        if (!pool.tellsRoles()) {
            poolsWithoutRoles.add(pool.name());
        }
    }

    /** @param node the mapping with the key {@code role} */
    void use(TargetConfig target, Node node, String path) {
        if (target.wanted() != Wanted.ANY) {
            uses.add(new Use(target.pool(), Nodes.scalar(node, "role").map(Node.class::cast).orElse(node), path));
        }
    }

    void resolve(Reading reading) {
        for (Use use : uses) {
            if (poolsWithoutRoles.contains(use.pool())) {
                reading.error(use.at(), use.path(),
                        "pool " + Nodes.quoted(use.pool()) + " has no health check that tells which server is primary",
                        Optional.of("give it a health-check of type postgres, mysql or redis"));
            }
        }
    }

    private record Use(String pool, Node at, String path) { }
}
