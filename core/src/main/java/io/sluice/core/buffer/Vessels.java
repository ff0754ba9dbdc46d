package io.sluice.core.buffer;

import io.sluice.core.stats.WorkerStats;

/**
 * What carries bytes in flight on one worker, and where it is counted how much that is.
 *
 * @param buffers to copy bytes through
 * @param pipes   to splice bytes through
 */
public record Vessels(BufferPool buffers, PipePool pipes, WorkerStats stats) { }
