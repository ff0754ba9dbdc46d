package io.sluice.config;

/**
 * Memory for bytes in flight. A connection without bytes in flight holds no buffer. Immutable.
 *
 * @param sizeBytes   the size of a buffer: the most that one direction of a connection holds
 * @param memoryBytes the memory of all buffers of all workers; a flow that finds no free buffer waits
 */
public record BufferConfig(int sizeBytes, long memoryBytes) {

    public BufferConfig {
        Checks.inRange("size", sizeBytes, 4 * 1024, 1024 * 1024);
        Checks.that(memoryBytes >= sizeBytes, "buffers: memory must hold at least one buffer");
    }
}
