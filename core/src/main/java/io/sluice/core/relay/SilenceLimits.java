package io.sluice.core.relay;

/**
 * How long a relay's connections may be silent. Immutable.
 *
 * @param clientNs     without a byte moving on the client side
 * @param serverNs     without a byte moving on the server side
 * @param halfClosedNs without any byte moving once one direction has ended
 */
public record SilenceLimits(long clientNs, long serverNs, long halfClosedNs) { }
