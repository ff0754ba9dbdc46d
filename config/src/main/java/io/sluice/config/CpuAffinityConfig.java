package io.sluice.config;

import java.util.HashSet;
import java.util.List;

/**
 * Whether each worker runs on a core of its own. Immutable.
 *
 * @param mode  where the cores come from
 * @param cores the kernel's numbers of the listed cores, one for each worker; empty unless they are listed
 */
public record CpuAffinityConfig(Mode mode, List<Integer> cores) {

    /** The kernel chooses the cores. */
    public static final CpuAffinityConfig OFF = new CpuAffinityConfig(Mode.OFF, List.of());

    /** Workers get the cores that the process may use, in their order. */
    public static final CpuAffinityConfig AUTO = new CpuAffinityConfig(Mode.AUTO, List.of());

    /** The error message for a list that does not fit the number of workers. */
    public static final String UNFIT = "must list one core for each of the workers";

    /** Core numbers are below this, which is the most that Linux can be built for. */
    public static final int MOST_CORES = 8192;

    /** Where the cores come from. */
    public enum Mode { OFF, AUTO, LISTED }

    public CpuAffinityConfig {
        cores = List.copyOf(cores);
        Checks.that((mode == Mode.LISTED) != cores.isEmpty(), "cpu-affinity must be off, auto or a list of cores");
        cores.forEach(core -> Checks.inRange("cpu-affinity", core, 0, MOST_CORES - 1));
        Checks.that(new HashSet<>(cores).size() == cores.size(), "cpu-affinity must list a core only once");
    }

    public static CpuAffinityConfig listed(List<Integer> cores) {
        return new CpuAffinityConfig(Mode.LISTED, cores);
    }

    /** Whether there is one core for each worker. @param workers {@link SluiceConfig#AUTO}: as many as listed cores */
    public boolean fits(int workers) {
        return mode != Mode.LISTED || workers == SluiceConfig.AUTO || workers == cores.size();
    }
}
