package io.sluice.config;

import java.time.Duration;

/**
 * When failures of live traffic eject a server for a while. Immutable.
 *
 * @param connectFailures failed connection attempts in a row that eject a server; 0: never
 * @param ejectFor        length of the first ejection; each further one in a row is longer by this, up to
 *                        {@link #MAX_EJECTION}
 * @param maxEjectedPercent at most this share of a pool's servers is ejected at a time, rounded down
 */
public record PassiveConfig(int connectFailures, Duration ejectFor, int maxEjectedPercent) {

    public static final Duration MAX_EJECTION = Duration.ofMinutes(5);

    public PassiveConfig {
        Checks.inRange("connect-failures", connectFailures, 0, 1_000_000);
        Checks.positive("eject-for", ejectFor);
        Checks.inRange("max-ejected", maxEjectedPercent, 0, 100);
    }
}
