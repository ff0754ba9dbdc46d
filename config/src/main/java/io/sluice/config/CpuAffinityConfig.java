package io.sluice.config;

import java.util.HashSet;
import java.util.List;

/**
 * Whether each worker runs on a core of its own. Immutable.
 *
 * @param mode  where the cores come from
 * @param cores their numbers as the kernel counts, one for each worker, if they are listed; else none
 */
public record CpuAffinityConfig(Mode mode, List<Integer> cores) {

    /** Workers run wherever the kernel puts them. */
    public static final CpuAffinityConfig OFF = new CpuAffinityConfig(Mode.OFF, List.of());

    /** The cores that the process may use, in their order. */
    public static final CpuAffinityConfig AUTO = new CpuAffinityConfig(Mode.AUTO, List.of());

    /** What is wrong with a list that does not fit the number of workers. */
    public static final String UNFIT = "must list one core for each of the workers";

    /** Numbers of cores are below this: Linux is built for no more. */
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

    /** Whether so many workers, {@link SluiceConfig#AUTO} for as many as listed, have each a core. */
    public boolean fits(int workers) {
        return mode != Mode.LISTED || workers == SluiceConfig.AUTO || workers == cores.size();
    }
}
