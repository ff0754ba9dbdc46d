package io.sluice.config;

/**
 * Which share of what the process has may be in use before Sluice takes on less; in percent, 100: it never matters.
 * Immutable.
 *
 * @param fileDescriptors of the limit of open files
 * @param directMemory    of the memory for bytes in flight
 * @param heap            of the JVM's heap, as a collection has left it
 */
public record OverloadConfig(int fileDescriptors, int directMemory, int heap) {

    /** Below this Sluice would be short of something that it hardly uses. */
    public static final int LEAST_PERCENT = 10;

    public OverloadConfig {
        Checks.inRange("file-descriptors", fileDescriptors, LEAST_PERCENT, 100);
        Checks.inRange("direct-memory", directMemory, LEAST_PERCENT, 100);
        Checks.inRange("heap", heap, LEAST_PERCENT, 100);
    }
}
