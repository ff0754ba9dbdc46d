/** Servers, their states, and how one of them is chosen. Knows no sockets. */
package io.sluice.core.pool;
