package io.sluice.core.buffer;

import io.sluice.core.stats.WorkerStats;

/**
 * The buffers and pipes that carry one worker's bytes in flight, and the counters for those bytes. Owned by one event
 * loop.
 *
 * @param buffers to copy bytes through
 * @param pipes   to splice bytes through
 */
public record Vessels(BufferPool buffers, PipePool pipes, WorkerStats stats) { }
