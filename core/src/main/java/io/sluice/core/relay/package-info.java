/** Moves bytes between two connections, both ways, until both have ended. Used by L4 and by L7's tunnels. */
package io.sluice.core.relay;
