package io.sluice.launcher.overload;

import io.sluice.config.OverloadConfig;

/** Measures the use of a resource that the process can run out of. Used by one thread. */
public interface Gauge {

    /** The resource's name, for log lines. */
    String name();

    /** The share in use, from 0 to 1; may be a moment old. */
    double share();

    /** The share in use from which Sluice sheds load, in percent. */
    int limitPercent(OverloadConfig config);

    /** Called repeatedly while the resource is short: brings {@link #share} up to date where that takes effort. */
    default void refresh() { }
}
