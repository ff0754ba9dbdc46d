/**
 * The way to a server: how a client gets a connection to one of a pool, by attempts one after the other
 * ({@link io.sluice.core.connect.ConnectAttempts}).
 */
package io.sluice.core.connect;
