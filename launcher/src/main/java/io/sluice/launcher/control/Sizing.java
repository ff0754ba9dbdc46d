package io.sluice.launcher.control;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sluice.config.CpuAffinityConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.core.linux.CpuAffinity;
import io.sluice.core.linux.Splice;
import java.lang.management.ManagementFactory;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbers of workers, buffers, pipes and connections on this host; sizes what the configuration leaves to Sluice.
 * Immutable.
 *
 * @param cores       the core of each worker; empty if the kernel decides
 * @param bufferCount buffers for each worker
 * @param pipeCount   pipes for each worker, for zero-copy; may be 0
 */
record Sizing(int workers, List<Integer> cores, int bufferCount, int pipeCount) {

    private static final Logger LOG = LoggerFactory.getLogger(Sizing.class);

    /** File descriptors that the JVM, logs and health checks need. */
    private static final int OWN_DESCRIPTORS = 256;
    /** Pipes of all workers: as many as fit into an unprivileged user's default limit of pipe pages (pipe(7)). */
    private static final int MOST_PIPES = 256;
    /** Pipes take at most 1/16 of the file descriptors. */
    private static final int PART_OF_PIPES = 16;
    private static final int DESCRIPTORS_A_PAIR = 2;

    static Sizing of(SluiceConfig config) throws LaunchException {
        int workers = workers(config);
        int pipes = isZeroCopyPossible(config)
                ? (int) Math.min(MOST_PIPES, descriptors() / PART_OF_PIPES / DESCRIPTORS_A_PAIR) : 0;
        long buffers = config.buffers().memoryBytes() / config.buffers().sizeBytes() / workers;
        return new Sizing(workers, cores(config.cpuAffinity(), workers), Math.clamp(buffers, 1, 1 << 20),
                pipes / workers);
    }

    /** The core of a worker, if it has one. */
    OptionalInt core(int worker) {
        return cores.isEmpty() ? OptionalInt.empty() : OptionalInt.of(cores.get(worker));
    }

    /** The limit of client connections; where it is automatic, each is assumed to need a server connection, too. */
    int connections(SluiceConfig config) {
        return config.maxConnections() != SluiceConfig.AUTO ? config.maxConnections() : possibleConnections();
    }

    /** A warning if the configuration admits more clients than the file descriptors suffice for. */
    Optional<String> shortage(SluiceConfig config) {
        int possible = possibleConnections();
        return config.maxConnections() <= possible ? Optional.empty() : Optional.of("max-connections: "
                + config.maxConnections() + " clients, each with a server's connection, need more file descriptors "
                + "than the " + descriptors() + " that the process may open, which do for " + possible
                + ": raise that limit (LimitNOFILE, ulimit -n), or leave max-connections away");
    }

    private int possibleConnections() {
        long left = descriptors() - (long) DESCRIPTORS_A_PAIR * pipeCount * workers - OWN_DESCRIPTORS;
        return Math.clamp(left / DESCRIPTORS_A_PAIR, 16, Integer.MAX_VALUE - 1);
    }

    private static int workers(SluiceConfig config) {
        if (config.workers() != SluiceConfig.AUTO) {
            return config.workers();
        }
        int listed = config.cpuAffinity().cores().size();
        return listed > 0 ? listed : Runtime.getRuntime().availableProcessors();
    }

    private static List<Integer> cores(CpuAffinityConfig config, int workers) throws LaunchException {
        if (config.mode() == CpuAffinityConfig.Mode.OFF) {
            return List.of();
        }
        BitSet allowed = CpuAffinity.allowed();
        if (allowed.isEmpty()) {
            throw new LaunchException("cpu-affinity: this system does not let Sluice bind threads to cores");
        }
        List<Integer> cores = config.mode() == CpuAffinityConfig.Mode.LISTED
                ? config.cores() : allowed.stream().limit(workers).boxed().toList();
        if (cores.size() < workers || !cores.stream().allMatch(allowed::get)) {
            throw new LaunchException("cpu-affinity: " + workers + " workers need a core each"
                    + (config.mode() == CpuAffinityConfig.Mode.LISTED ? " of " + cores : "")
                    + ", but the process may use the cores " + allowed + " alone");
        }
        return cores;
    }

    private static boolean isZeroCopyPossible(SluiceConfig config) {
        if (config.zeroCopy() == SluiceConfig.ZeroCopy.OFF) {
            return false;
        }
        if (!Splice.isAvailable()) {
            LOG.info("zero-copy: this system does not let Sluice use splice(2), so all bytes are copied");
        }
        return Splice.isAvailable();
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount() : Integer.MAX_VALUE;
    }
}
