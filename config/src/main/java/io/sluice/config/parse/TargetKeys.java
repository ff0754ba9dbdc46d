package io.sluice.config.parse;

import io.sluice.config.TargetConfig;
import io.sluice.config.TargetConfig.Wanted;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The keys beside {@code pool} that say where TCP clients go. Immutable. */
record TargetKeys<T>(Key<T, Role> role, Key<T, Fallback> fallback) {

    enum Role { ANY, PRIMARY, REPLICA }

    enum Fallback { NONE, PRIMARY }

    /** @param target reads the target from the record, if it has one */
    static <T> TargetKeys<T> of(Section.Builder<T> keys, Function<T, Optional<TargetConfig>> target) {
        var role = keys.optional("role", Words.oneOf(Role.class), Role.ANY,
                record -> roleOf(wanted(target.apply(record))), "Which of the pool's servers may take the clients. "
                        + "Needs a health check that tells roles: `postgres`, `mysql` or `redis`.");
        var fallback = keys.optional("fallback", Words.oneOf(Fallback.class), Fallback.NONE,
                record -> wanted(target.apply(record)) == Wanted.REPLICA_OR_PRIMARY ? Fallback.PRIMARY : Fallback.NONE,
                "With `role: replica`: where clients go when no replica is up.");
        keys.check(List.of(fallback, role),
                values -> values.get(fallback) == Fallback.NONE || values.get(role) == Role.REPLICA,
                "only role: replica can fall back");
        return new TargetKeys<>(role, fallback);
    }

    TargetConfig read(String pool, Values values) {
        return new TargetConfig(pool, switch (values.get(role)) {
            case ANY -> Wanted.ANY;
            case PRIMARY -> Wanted.PRIMARY;
            case REPLICA -> values.get(fallback) == Fallback.PRIMARY ? Wanted.REPLICA_OR_PRIMARY : Wanted.REPLICA;
        });
    }

    /** Whether no role is asked for. */
    boolean isAny(Values values) {
        return values.get(role) == Role.ANY;
    }

    private static Wanted wanted(Optional<TargetConfig> target) {
        return target.map(TargetConfig::wanted).orElse(Wanted.ANY);
    }

    private static Role roleOf(Wanted wanted) {
        return switch (wanted) {
            case ANY -> Role.ANY;
            case PRIMARY -> Role.PRIMARY;
            case REPLICA, REPLICA_OR_PRIMARY -> Role.REPLICA;
        };
    }
}
