/**
 * TCP pass-through: a {@link io.sluice.l4.tcp.TcpSession} for each client, its {@link io.sluice.l4.tcp.Opening}, which
 * may read the client's first bytes to find the route or end its TLS, and then a relay.
 */
package io.sluice.l4.tcp;
