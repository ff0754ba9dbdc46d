/** Reads the start of TLS connections, for routing: bytes to positions, no sockets, no cryptography. */
package io.sluice.l4.tls;
