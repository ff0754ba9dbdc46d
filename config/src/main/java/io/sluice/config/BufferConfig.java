package io.sluice.config;

/**
 * Memory for bytes in flight. A connection with none in flight holds no buffer.
 *
 * @param sizeBytes   of one buffer: the most that one direction of a connection holds
 * @param memoryBytes of all buffers of all workers together; a flow that finds none free waits
 */
public record BufferConfig(int sizeBytes, long memoryBytes) {

    public BufferConfig {
        Checks.inRange("size", sizeBytes, 4 * 1024, 1024 * 1024);
        Checks.that(memoryBytes >= sizeBytes, "buffers: memory must hold at least one buffer");
    }
}
