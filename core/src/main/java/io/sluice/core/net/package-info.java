/** Sockets: listening, accepting, connecting, one connection's reads and writes, and the PROXY protocol. */
package io.sluice.core.net;
