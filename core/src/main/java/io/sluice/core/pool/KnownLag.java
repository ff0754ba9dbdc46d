package io.sluice.core.pool;

import java.time.Duration;

/**
 * How far behind a replica was when it was last checked. Immutable.
 *
 * @param atNs when that was, as {@link System#nanoTime}
 */
public record KnownLag(Duration lag, long atNs) { }
