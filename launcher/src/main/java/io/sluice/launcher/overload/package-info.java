/** Overload: Sluice sheds load before it runs out of file descriptors or memory. */
package io.sluice.launcher.overload;
