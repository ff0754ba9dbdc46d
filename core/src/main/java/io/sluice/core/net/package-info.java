/** Sockets: listening, accepting, connecting, one connection's reads and writes, in TLS or not, the PROXY protocol. */
package io.sluice.core.net;
