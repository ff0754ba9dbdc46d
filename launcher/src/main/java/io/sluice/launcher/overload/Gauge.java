package io.sluice.launcher.overload;

import io.sluice.config.OverloadConfig;

/** How much is in use of something that a process can run out of. Used by one thread. */
public interface Gauge {

    /** What it is, for a reader. */
    String name();

    /** The share in use, from 0 to 1, as of a moment ago. */
    double share();

    /** At which share in use Sluice is to take on less; in percent. */
    int limitPercent(OverloadConfig config);

    /** Called again and again while this is what runs short, so that {@link #share} tells when it does no more. */
    default void refresh() { }
}
