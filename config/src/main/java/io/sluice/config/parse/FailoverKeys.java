package io.sluice.config.parse;

import io.sluice.config.FailoverConfig;
import io.sluice.config.FailoverConfig.OnFailback;
import io.sluice.config.FailoverConfig.OnRoleChange;
import io.sluice.config.FailoverConfig.SplitBrain;
import io.sluice.config.PoolConfig;
import io.sluice.config.Rate;
import java.time.Duration;

/** The keys of a pool for failover: no server for a client, changed roles, a server that is back. Immutable. */
record FailoverKeys(
        Key<PoolConfig, Duration> hold,
        Key<PoolConfig, OnRoleChange> onRoleChange,
        Key<PoolConfig, OnFailback> onFailback,
        Key<PoolConfig, Rate> closeRate,
        Key<PoolConfig, SplitBrain> splitBrain) {

    static FailoverKeys of(Section.Builder<PoolConfig> keys) {
        FailoverConfig usual = FailoverConfig.DEFAULT;
        var hold = keys.optional("hold", Quantities.durationOrZero(), usual.hold(), pool -> pool.failover().hold(),
                "How long new connections wait, instead of failing, while no server can take them, for example because "
                        + "none has the wanted `role`. `0s`: they fail at once.");
        var onRoleChange = keys.optional("on-role-change", Words.oneOf(OnRoleChange.class), usual.onRoleChange(),
                pool -> pool.failover().onRoleChange(), "What happens to connections through listeners with `role: "
                        + "primary` when their server is no longer the primary.");
        var onFailback = keys.optional("on-failback", Words.oneOf(OnFailback.class), usual.onFailback(),
                pool -> pool.failover().onFailback(), "What happens to established connections when a better server "
                        + "than theirs comes back: one that is no `backup`; with `balance: first`, an earlier one that "
                        + "has room; with `fallback: primary`, a replica.");
        var closeRate = keys.optional("close-rate", Quantities.rate().or("unlimited", Rate.UNLIMITED),
                usual.closeRate(), pool -> pool.failover().closeRate(),
                "How many connections `on-role-change` and `on-failback` reset at most, over all workers.");
        var splitBrain = keys.optional("split-brain", Words.oneOf(SplitBrain.class), usual.splitBrain(),
                pool -> pool.failover().splitBrain(), "Which server is the primary when several claim to be. "
                        + "`highest-timeline`: the one with the highest timeline (PostgreSQL), or none if several have "
                        + "it or there are no timelines. `latest`: the same, but of several the one that Sluice saw "
                        + "become primary last. `refuse`: none.");
        return new FailoverKeys(hold, onRoleChange, onFailback, closeRate, splitBrain);
    }

    FailoverConfig read(Values values) {
        return new FailoverConfig(values.get(hold), values.get(onRoleChange), values.get(onFailback),
                values.get(closeRate), values.get(splitBrain));
    }
}
