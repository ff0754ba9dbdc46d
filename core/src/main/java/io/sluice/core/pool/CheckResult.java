package io.sluice.core.pool;

import java.time.Instant;

/**
 * The result of a server's health check. Immutable.
 *
 * @param at     when the check ended
 * @param detail what was learned, or why it failed; may be empty
 * @param tookNs duration of the check
 */
public record CheckResult(Instant at, boolean isGood, String detail, long tookNs) { }
