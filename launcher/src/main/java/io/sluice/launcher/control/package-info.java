/** The control plane: builds what serves a configuration, and replaces it at a reload. */
package io.sluice.launcher.control;
