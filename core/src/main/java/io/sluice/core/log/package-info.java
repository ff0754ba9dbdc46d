/** Records of ended connections, from workers to a writer thread over ring buffers that drop when full. */
package io.sluice.core.log;
