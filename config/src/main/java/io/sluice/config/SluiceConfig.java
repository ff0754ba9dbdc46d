package io.sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A whole configuration: every default filled in, every reference between its parts resolved. Immutable.
 *
 * @param workers        event loops, at least 1; {@link #AUTO} means one for each core that {@code cpuAffinity} lists,
 *                       or else per available core
 * @param cpuAffinity    whether each worker has a core of its own
 * @param busyPoll       whether a worker asks for further events before it sleeps
 * @param zeroCopy       whether bulk bytes are forwarded without copying them
 * @param maxConnections the most client connections of the process, at least 1; {@link #AUTO} derives it from the
 *                       limit of open files
 * @param drainTimeout   how long connections may go on after TERM or INT before they are reset
 * @param buffers        memory for bytes in flight
 * @param overload       the use of resources from which Sluice sheds load
 * @param upgradeSocket  the Unix socket at which the next process gets the listening sockets; empty: no upgrades
 * @param listeners      at least one, names unique
 * @param pools          names unique; every pool that a listener names is here
 * @param demoServers    small servers that Sluice runs in its own process, for a first look; usually empty
 * @param admin          the admin address; empty: none
 * @param stateFile      keeps operators' directives for servers across restarts; empty: they are not kept
 */
public record SluiceConfig(
        int workers,
        CpuAffinityConfig cpuAffinity,
        BusyPollConfig busyPoll,
        ZeroCopy zeroCopy,
        int maxConnections,
        Duration drainTimeout,
        BufferConfig buffers,
        OverloadConfig overload,
        Optional<Path> upgradeSocket,
        List<ListenerConfig> listeners,
        List<PoolConfig> pools,
        List<DemoServerConfig> demoServers,
        Optional<AdminConfig> admin,
        Optional<Path> stateFile) {

    /** Whether bytes of bulk transfers go from socket to socket without entering the process. */
    public enum ZeroCopy {
        /** If the system has the calls for it. */
        AUTO, OFF
    }

    /** Stands for a number that Sluice works out at the start. */
    public static final int AUTO = 0;

    /** Stands for a bound that is not set. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** The syntax of names of listeners, pools and servers; a regular expression. */
    public static final String NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    public SluiceConfig {
        Checks.inRange("workers", workers, AUTO, 1024);
        Checks.that(cpuAffinity.fits(workers), "cpu-affinity " + CpuAffinityConfig.UNFIT);
        Checks.atLeast("max-connections", maxConnections, AUTO);
        Checks.notNegative("drain-timeout", drainTimeout);
        listeners = List.copyOf(listeners);
        pools = List.copyOf(pools);
        demoServers = List.copyOf(demoServers);
        Checks.notEmpty("listeners", listeners);
        Checks.uniqueNames("listener", listeners.stream().map(ListenerConfig::name));
        Checks.uniqueNames("pool", pools.stream().map(PoolConfig::name));
        for (ListenerConfig listener : listeners) {
            for (String pool : listener.poolNames()) {
                Checks.that(pools.stream().anyMatch(candidate -> candidate.name().equals(pool)),
                        "listener " + listener.name() + ": no pool is named " + pool);
            }
        }
    }

    /** The pool of that name, which must be one that a listener names. */
    public PoolConfig pool(String name) {
        for (PoolConfig pool : pools) {
            if (pool.name().equals(name)) {
                return pool;
            }
        }
        throw new IllegalArgumentException("no pool is named " + name);
    }
}
