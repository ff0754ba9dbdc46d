/** Records of what has ended, from workers over ring buffers, which drop when full, to a writer thread per target. */
package io.sluice.core.log;
