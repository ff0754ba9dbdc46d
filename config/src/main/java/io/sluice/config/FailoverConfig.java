package io.sluice.config;

import java.time.Duration;

/**
 * What a pool does while no server can take a client, and when its servers change their roles. Immutable.
 *
 * @param hold            how long a client waits for a server to appear; zero: it is refused at once
 * @param onRoleChange    what happens to clients of a primary that is none any more
 * @param closesPerSecond at most so many of them are reset; {@link SluiceConfig#UNLIMITED}
 * @param splitBrain      which server is taken for the primary when several say that they are
 */
public record FailoverConfig(Duration hold, OnRoleChange onRoleChange, int closesPerSecond, SplitBrain splitBrain) {

    /** What a pool has that says nothing about it. */
    public static final FailoverConfig DEFAULT =
            new FailoverConfig(Duration.ZERO, OnRoleChange.CLOSE_CONNECTIONS, 200, SplitBrain.HIGHEST_TIMELINE);

    public FailoverConfig {
        Checks.notNegative("hold", hold);
        Checks.atLeast("close-rate", closesPerSecond, 1);
    }

    /** What happens to connections through a listener for the primary when their server loses that role. */
    public enum OnRoleChange { KEEP, CLOSE_CONNECTIONS }

    /** Which of several primaries is believed. */
    public enum SplitBrain {
        /** The one with the highest timeline; none if several have it. */
        HIGHEST_TIMELINE,
        /** As before; of equal timelines, or without any, the one that was seen to become primary last. */
        LATEST,
        /** None. */
        REFUSE
    }
}
