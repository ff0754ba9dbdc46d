package io.sluice.core.relay;

/**
 * How long a relay's peers may be silent; see {@link io.sluice.core.net.Connection#silentSinceNs}. Immutable.
 *
 * @param clientNs     the client
 * @param serverNs     the server
 * @param halfClosedNs either of them, once one direction has ended
 */
public record SilenceLimits(long clientNs, long serverNs, long halfClosedNs) { }
