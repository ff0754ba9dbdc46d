/** IP addresses: as bytes and as text, sets of networks, and the PROXY protocol, which passes them on. No sockets. */
package io.sluice.core.address;
