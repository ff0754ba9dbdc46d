package io.sluice.config;

import java.time.Duration;

/**
 * What a pool does while no server can take a client, when its servers change their roles, and when a better one comes
 * back. Immutable.
 *
 * @param hold         how long a client waits for an available server; zero: it is refused at once
 * @param onRoleChange what happens to clients of a server that is no longer the primary
 * @param onFailback   what happens to clients of a server when a better one comes back
 * @param closeRate    at which clients are reset in both cases; or {@link Rate#UNLIMITED}
 * @param splitBrain   which server counts as the primary when several claim to be
 */
public record FailoverConfig(
        Duration hold, OnRoleChange onRoleChange, OnFailback onFailback, Rate closeRate, SplitBrain splitBrain) {

    /** The default for pools that do not configure it. */
    public static final FailoverConfig DEFAULT = new FailoverConfig(Duration.ZERO, OnRoleChange.CLOSE_CONNECTIONS,
            OnFailback.KEEP, Rate.perSecond(200), SplitBrain.HIGHEST_TIMELINE);

    public FailoverConfig {
        Checks.notNegative("hold", hold);
    }

    /** What happens to connections through a listener for the primary when their server loses that role. */
    public enum OnRoleChange { KEEP, CLOSE_CONNECTIONS }

    /** What happens to connections when a server comes back that new clients get rather than theirs. */
    public enum OnFailback { KEEP, CLOSE_CONNECTIONS }

    /** Which of several primaries counts. */
    public enum SplitBrain {
        /** The one with the highest timeline; none if several have it. */
        HIGHEST_TIMELINE,
        /** The one with the highest timeline; if timelines are equal or unknown, the latest to become primary. */
        LATEST,
        /** None. */
        REFUSE
    }
}
