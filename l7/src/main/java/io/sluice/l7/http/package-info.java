/**
 * The HTTP/1.1 wire codec: bytes to positions, no sockets, no routing, no strings. A message head is copied once into
 * an array of its parser and scanned there eight bytes at a time; a body is never copied. Messages that RFC 9112,
 * RFC 9110 and RFC 3986 do not allow are refused with a named {@link io.sluice.l7.http.HttpError}. No input makes this
 * package throw, and messages cause no allocation once the arrays have grown to the size of the traffic.
 */
package io.sluice.l7.http;
