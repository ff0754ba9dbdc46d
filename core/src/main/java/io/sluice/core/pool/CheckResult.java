package io.sluice.core.pool;

import java.time.Instant;

/**
 * How a server's health check went. Immutable.
 *
 * @param at     when it was over
 * @param detail what was learned, or why it failed; may be empty
 * @param tookNs from its start
 */
public record CheckResult(Instant at, boolean isGood, String detail, long tookNs) { }
