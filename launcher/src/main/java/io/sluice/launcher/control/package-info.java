/** The control plane: what serves by a configuration, how that is put together, and how it is replaced. */
package io.sluice.launcher.control;
