/**
 * Sockets: listening, accepting, one connection's reads and writes, in TLS or not, the PROXY protocol; and how a client
 * gets a connection to a server of a pool ({@link io.sluice.core.net.ConnectAttempts}).
 */
package io.sluice.core.net;
