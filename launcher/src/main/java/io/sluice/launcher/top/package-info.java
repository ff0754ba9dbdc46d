/** A running Sluice at a glance, in a terminal. */
package io.sluice.launcher.top;
