package io.sluice.config;

/**
 * The shares in use, in percent, from which Sluice sheds load; 100: never. Immutable.
 *
 * @param fileDescriptors share of the limit of open files
 * @param directMemory    share of the memory for bytes in flight
 * @param heap            share of the JVM's heap that is in use after a collection
 */
public record OverloadConfig(int fileDescriptors, int directMemory, int heap) {

    /** With a lower limit, Sluice would shed load while a resource is hardly used. */
    public static final int LEAST_PERCENT = 10;

    public OverloadConfig {
        Checks.inRange("file-descriptors", fileDescriptors, LEAST_PERCENT, 100);
        Checks.inRange("direct-memory", directMemory, LEAST_PERCENT, 100);
        Checks.inRange("heap", heap, LEAST_PERCENT, 100);
    }
}
