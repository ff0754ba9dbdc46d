/**
 * The operator's configuration, as immutable records that are valid once constructed. No parsing here
 * ({@link io.sluice.config.parse}), no sockets, no threads.
 */
package io.sluice.config;
