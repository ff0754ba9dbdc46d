/** Records of what has ended, from workers to a writer thread over ring buffers; full ones drop. */
package io.sluice.core.log;
