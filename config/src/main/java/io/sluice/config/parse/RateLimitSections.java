package io.sluice.config.parse;

import static io.sluice.config.RateLimitConfig.MOST_BURST;

import io.sluice.config.Rate;
import io.sluice.config.RateLimitConfig;

/** The keys of rate limits. */
final class RateLimitSections {

    /** Of a route. */
    static final Section<RateLimitConfig> OF_REQUESTS = ofRequests();
    /** Of a listener. */
    static final Section<RateLimitConfig> OF_CONNECTIONS = ofConnections();

    private RateLimitSections() { }

    private static Section<RateLimitConfig> ofRequests() {
        var keys = Section.<RateLimitConfig>named("route-rate-limit", "How often each client, or what else `by` "
                + "names, may send a request. A request that comes too soon gets 429 and is not forwarded.");
        var requests = keys.required("requests", Quantities.rate(), RateLimitConfig::rate,
                "How many requests are allowed on average.");
        var burst = burst(keys, requests);
        var by = keys.optional("by", RequestKeys.OR_ROUTE, RateLimitConfig.BY_CLIENT, RateLimitConfig::by,
                "What is limited: each value of this part of a request has a limit of its own. `client` is the "
                        + "address, of IPv6 its first 64 bits. Requests without the part or with an "
                        + "empty one are not limited. `route` limits all requests of the route together.");
        var dryRun = dryRun(keys, "429");
        keys.refused("connections", "connections are limited by the rate-limit of a listener");
        return keys.build(values -> new RateLimitConfig(values.get(requests), values.get(burst), values.get(by),
                values.get(dryRun)));
    }

    private static Section<RateLimitConfig> ofConnections() {
        var keys = Section.<RateLimitConfig>named("listener-rate-limit", "How often each client may connect. A "
                + "connection that comes too soon is reset.");
        var connections = keys.required("connections", Quantities.rate(), RateLimitConfig::rate,
                "How many new connections of an address are allowed on average. IPv6 addresses that have the first 64 "
                        + "bits in common count as one.");
        var burst = burst(keys, connections);
        var dryRun = dryRun(keys, "reset");
        keys.refused("requests", "a listener limits connections; requests are limited by the rate-limit of a route");
        keys.refused("by", "connections are always limited by the client's address");
        return keys.build(values -> new RateLimitConfig(values.get(connections), values.get(burst),
                RateLimitConfig.BY_CLIENT, values.get(dryRun)));
    }

    private static Key<RateLimitConfig, Integer> burst(Section.Builder<RateLimitConfig> keys,
                                                       Key<RateLimitConfig, Rate> rate) {
        return keys.derived("burst", Numbers.integer(1, MOST_BURST), new Key.Default.Derived<>(rate,
                        "the number in `" + rate.name() + "`", usual -> Math.min(usual.count(), MOST_BURST)),
                RateLimitConfig::burst, "How many may come at once after a while without any.");
    }

    private static Key<RateLimitConfig, Boolean> dryRun(Section.Builder<RateLimitConfig> keys, String penalty) {
        return keys.optional("dry-run", Numbers.bool(), false, RateLimitConfig::dryRun,
                "Whether what comes too soon is only counted, without " + penalty + ".");
    }
}
