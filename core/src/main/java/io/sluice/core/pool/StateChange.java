package io.sluice.core.pool;

import java.time.Instant;

/**
 * How a server's state has changed. Immutable.
 *
 * @param from null if nothing was known before
 */
public record StateChange(Instant at, ServerState from, ServerState to, String reason) { }
