/** Upgrades: one process takes over from another, with its listening sockets and the clients queued in them. */
package io.sluice.launcher.upgrade;
