/** Reads the start of TLS connections that are passed through: bytes to positions, no sockets, no cryptography. */
package io.sluice.l4.tls;
