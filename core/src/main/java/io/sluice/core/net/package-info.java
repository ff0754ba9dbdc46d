/** Sockets: listening, accepting, connecting, one connection's reads and writes, in TLS or not. */
package io.sluice.core.net;
