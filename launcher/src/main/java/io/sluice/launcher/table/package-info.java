/** Tables of text, for a terminal or a file. */
package io.sluice.launcher.table;
