/** How one process takes over from another, with its listening sockets and all who wait in them. */
package io.sluice.launcher.upgrade;
