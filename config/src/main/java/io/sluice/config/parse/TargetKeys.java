package io.sluice.config.parse;

import io.sluice.config.TargetConfig;
import io.sluice.config.TargetConfig.Wanted;
import java.util.List;
import java.util.function.Function;

/** The keys that say where TCP clients are sent. Immutable. */
record TargetKeys<T>(Key<T, String> pool, Key<T, Role> role, Key<T, Fallback> fallback) {

    private enum Role { ANY, PRIMARY, REPLICA }

    private enum Fallback { NONE, PRIMARY }

    static <T> TargetKeys<T> of(Section.Builder<T> keys, Function<T, TargetConfig> target) {
        var pool = keys.required("pool", Words.poolInUse(), record -> target.apply(record).pool(),
                "The name of the pool that serves the clients.");
        var role = keys.optional("role", Words.oneOf(Role.class), Role.ANY,
                record -> roleOf(target.apply(record).wanted()), "Which servers of the pool may take the clients. "
                        + "Needs a health check of the pool that tells roles: `postgres`, `mysql` or `redis`.");
        var fallback = keys.optional("fallback", Words.oneOf(Fallback.class), Fallback.NONE,
                record -> target.apply(record).wanted() == Wanted.REPLICA_OR_PRIMARY ? Fallback.PRIMARY : Fallback.NONE,
                "With `role: replica`: where clients go that find no replica up.");
        keys.check(List.of(fallback, role),
                values -> values.get(fallback) == Fallback.NONE || values.get(role) == Role.REPLICA,
                "only role: replica can fall back");
        return new TargetKeys<>(pool, role, fallback);
    }

    TargetConfig read(Values values) {
        return new TargetConfig(values.get(pool), switch (values.get(role)) {
            case ANY -> Wanted.ANY;
            case PRIMARY -> Wanted.PRIMARY;
            case REPLICA -> values.get(fallback) == Fallback.PRIMARY ? Wanted.REPLICA_OR_PRIMARY : Wanted.REPLICA;
        });
    }

    private static Role roleOf(Wanted wanted) {
        return switch (wanted) {
            case ANY -> Role.ANY;
            case PRIMARY -> Role.PRIMARY;
            case REPLICA, REPLICA_OR_PRIMARY -> Role.REPLICA;
        };
    }
}
