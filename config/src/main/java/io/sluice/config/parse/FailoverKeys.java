package io.sluice.config.parse;

import static io.sluice.config.SluiceConfig.UNLIMITED;

import io.sluice.config.FailoverConfig;
import io.sluice.config.FailoverConfig.OnRoleChange;
import io.sluice.config.FailoverConfig.SplitBrain;
import io.sluice.config.PoolConfig;
import java.time.Duration;

/** The keys of a pool for changes of servers' roles and for the time without an available server. Immutable. */
record FailoverKeys(
        Key<PoolConfig, Duration> hold,
        Key<PoolConfig, OnRoleChange> onRoleChange,
        Key<PoolConfig, Integer> closeRate,
        Key<PoolConfig, SplitBrain> splitBrain) {

    static FailoverKeys of(Section.Builder<PoolConfig> keys) {
        FailoverConfig usual = FailoverConfig.DEFAULT;
        var hold = keys.optional("hold", Quantities.durationOrZero(), usual.hold(), pool -> pool.failover().hold(),
                "How long new connections wait while no server can take them, none of the wanted `role` among others, "
                        + "in place of failing. `0s`: they fail.");
        var onRoleChange = keys.optional("on-role-change", Words.oneOf(OnRoleChange.class), usual.onRoleChange(),
                pool -> pool.failover().onRoleChange(), "What happens to connections through listeners with "
                        + "`role: primary` when their server is the primary no more.");
        var closeRate = keys.optional("close-rate", Quantities.rate().or("unlimited", UNLIMITED),
                usual.closesPerSecond(), pool -> pool.failover().closesPerSecond(),
                "At most so many of these are reset, over all workers.");
        var splitBrain = keys.optional("split-brain", Words.oneOf(SplitBrain.class), usual.splitBrain(),
                pool -> pool.failover().splitBrain(), "Which server is the primary when several claim to be: the one "
                        + "whose timeline is highest (PostgreSQL), none if several have it or there are no timelines; "
                        + "with `latest`, of these the one that Sluice has seen become primary last; "
                        + "or none in any case.");
        return new FailoverKeys(hold, onRoleChange, closeRate, splitBrain);
    }

    FailoverConfig read(Values values) {
        return new FailoverConfig(
                values.get(hold), values.get(onRoleChange), values.get(closeRate), values.get(splitBrain));
    }
}
