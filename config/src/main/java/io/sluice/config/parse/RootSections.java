package io.sluice.config.parse;

import static io.sluice.config.SluiceConfig.AUTO;
import static io.sluice.config.parse.Numbers.integer;
import static io.sluice.config.parse.Numbers.percent;
import static io.sluice.config.parse.Quantities.durationOrZero;
import static io.sluice.config.parse.Quantities.shortDuration;
import static io.sluice.config.parse.Quantities.size;

import io.sluice.config.BufferConfig;
import io.sluice.config.BusyPollConfig;
import io.sluice.config.CpuAffinityConfig;
import io.sluice.config.DemoServerConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.OverloadConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.SluiceConfig.ZeroCopy;
import java.time.Duration;
import java.util.List;

/** The keys at the top of a configuration. */
final class RootSections {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    static final Section<SluiceConfig> ROOT = root();

    private RootSections() { }

    private static Section<SluiceConfig> root() {
        var keys = Section.<SluiceConfig>named("sluice", "A whole configuration.");
        var workers = keys.optional("workers", integer(1, 1024).or("auto", AUTO), AUTO, SluiceConfig::workers,
                "Number of event loops, each with its own thread. `auto`: one for each core listed in `cpu-affinity`, "
                        + "or else one per available core. A reload does not change it.");
        var cpuAffinity = keys.optional("cpu-affinity", cpuAffinity(), CpuAffinityConfig.OFF,
                SluiceConfig::cpuAffinity, "Pins each worker to its own core. `auto`: the first cores that the process "
                        + "may use. A list names one core per worker, by the kernel's numbers. A reload does not "
                        + "change it.");
        var busyPoll = keys.optional("busy-poll", busyPoll(), BusyPollConfig.AUTO, SluiceConfig::busyPoll,
                "How long a worker that has nothing to do asks for further events before it sleeps. Answers are "
                        + "faster because it need not be woken; it takes CPU time that would be idle. `auto`: for "
                        + "10us, as long as most events come within that time. A reload does not change it.");
        var zeroCopy = keys.optional("zero-copy", Words.oneOf(ZeroCopy.class), ZeroCopy.AUTO, SluiceConfig::zeroCopy,
                "Whether bulk transfers go from socket to socket without being copied through Sluice. `auto`: yes, if "
                        + "the system has splice(2) and lets Sluice use it. A reload does not change it.");
        var maxConnections = keys.optional("max-connections", integer(1, Integer.MAX_VALUE - 1).or("auto", AUTO),
                AUTO, SluiceConfig::maxConnections, "Maximum number of client connections of the whole process. "
                        + "`auto`: as many as the limit on open files allows, at two descriptors per connection.");
        var drainTimeout = keys.optional("drain-timeout", durationOrZero(), Duration.ofSeconds(30),
                SluiceConfig::drainTimeout,
                "How long connections may continue after a TERM or INT signal before they are reset.");
        var buffers = keys.subsection("buffers", buffers(), SluiceConfig::buffers,
                "Memory for bytes in flight. A connection with none in flight holds no buffer. A reload does not "
                        + "change it.");
        var overload = keys.subsection("overload", overload(), SluiceConfig::overload,
                "When Sluice sheds load because the process is running out of a resource.");
        var upgradeSocket = keys.maybe("upgrade-socket", Words.path(), SluiceConfig::upgradeSocket,
                "A Unix socket through which `./sluice upgrade` hands over to another process without refusing or "
                        + "resetting a connection. Only root and the user that Sluice runs as may use it. A reload "
                        + "does not change it.");
        var listeners = keys.required("listeners",
                ListType.<ListenerConfig>of(ListenerSections.LISTENER).notEmpty().uniqueBy("name"),
                SluiceConfig::listeners, "Where clients connect.");
        var pools = keys.required("pools", PoolSections.POOLS, SluiceConfig::pools,
                "The servers that clients are sent to, in groups.");
        var demoServers = keys.<List<DemoServerConfig>>optional("demo-servers",
                ListType.of(demoServer()).uniqueBy("name"), List.of(), SluiceConfig::demoServers,
                "Small HTTP servers inside Sluice's own process that answer with their names, for a first look.");
        var admin = keys.maybe("admin", AdminSections.ADMIN, SluiceConfig::admin,
                "The address for watching and changing Sluice while it runs. Without this section there is none.");
        var stateFile = keys.maybe("state-file", Words.fileToWrite("nothing can be remembered"),
                SluiceConfig::stateFile,
                "Remembers across restarts which servers have been drained, put into maintenance or given another "
                        + "weight at run time. Without it, a restart forgets that. Changing this key takes a restart.");
        refuseWhatOthersHave(keys);
        keys.afterKeys(reading -> {
            reading.pools().resolve(reading);
            reading.roles().resolve(reading);
            reading.postgresTls().resolve(reading);
            reading.poolProtocols().resolve(reading);
        });
        keys.check(List.of(cpuAffinity, workers), values -> values.get(cpuAffinity).fits(values.get(workers)),
                CpuAffinityConfig.UNFIT);
        return keys.build(values -> new SluiceConfig(values.get(workers), values.get(cpuAffinity),
                values.get(busyPoll), values.get(zeroCopy), values.get(maxConnections), values.get(drainTimeout),
                values.get(buffers), values.get(overload), values.get(upgradeSocket), values.get(listeners),
                values.get(pools), values.get(demoServers), values.get(admin), values.get(stateFile)));
    }

    /** What HAProxy, nginx and Traefik have at the top of a configuration. */
    private static void refuseWhatOthersHave(Section.Builder<SluiceConfig> keys) {
        keys.refused(List.of("global", "defaults", "http", "stream", "tcp", "events"),
                "write what is in it at the top, or into listeners and pools; each key has a default of its own");
        keys.refused(List.of("include", "includes", "import"), "a configuration is one file");
        keys.refused(List.of("log", "logging", "log-level", "log_level", "error-log", "error_log"),
                "Sluice logs to standard error, as the variable SLUICE_LOG_LEVEL says; session-log and access-log are "
                        + "keys of listeners");
        keys.refused(List.of("user", "group", "chroot", "daemon", "master-worker", "pid", "pidfile"),
                "Sluice runs in the foreground, as the user that starts it; a service manager does the rest");
        keys.refused(List.of("resolver", "resolvers", "nameserver", "nameservers"),
                "names are resolved as the host does it, again at each resolve-interval of the pool");
    }

    private static ValueType<BusyPollConfig> busyPoll() {
        return shortDuration().map(BusyPollConfig::always, BusyPollConfig::most)
                .or("off", BusyPollConfig.OFF).or("auto", BusyPollConfig.AUTO);
    }

    private static ValueType<CpuAffinityConfig> cpuAffinity() {
        return ListType.of(integer(0, CpuAffinityConfig.MOST_CORES - 1)).notEmpty().eachOnce()
                .map(CpuAffinityConfig::listed, CpuAffinityConfig::cores)
                .or("off", CpuAffinityConfig.OFF).or("auto", CpuAffinityConfig.AUTO);
    }

    private static Section<BufferConfig> buffers() {
        var keys = Section.<BufferConfig>named("buffers", "Memory for bytes in flight.");
        var size = keys.optional("size", size(4 * KIB, MIB), 32L * KIB, buffers -> (long) buffers.sizeBytes(),
                "Size of one buffer: the most that one direction of a connection holds.");
        var memory = keys.optional("memory", size(4 * KIB, 1024L * 1024 * MIB), 256L * MIB, BufferConfig::memoryBytes,
                "Total size of the buffers of all workers. A connection that needs one while none is free waits.");
        keys.check(List.of(memory, size), values -> values.get(memory) >= values.get(size),
                "must hold at least one buffer of size");
        return keys.build(values -> new BufferConfig(Math.toIntExact(values.get(size)), values.get(memory)));
    }

    private static Section<OverloadConfig> overload() {
        var keys = Section.<OverloadConfig>named("overload", "How much of each resource may be in use before Sluice "
                + "closes idle connections and stops accepting on listeners, those of least `importance` first. "
                + "`100%`: never.");
        var fileDescriptors = keys.optional("file-descriptors", percent(OverloadConfig.LEAST_PERCENT), 90,
                OverloadConfig::fileDescriptors, "Share of the process's limit on open files.");
        var directMemory = keys.optional("direct-memory", percent(OverloadConfig.LEAST_PERCENT), 90,
                OverloadConfig::directMemory, "Share of `buffers.memory` that holds bytes in flight.");
        var heap = keys.optional("heap", percent(OverloadConfig.LEAST_PERCENT), 90, OverloadConfig::heap,
                "Share of the JVM's maximum heap that was still in use after the last full garbage collection.");
        return keys.build(values -> new OverloadConfig(values.get(fileDescriptors), values.get(directMemory),
                values.get(heap)));
    }

    private static Section<DemoServerConfig> demoServer() {
        var keys = Section.<DemoServerConfig>named("demo-server", "A small HTTP server that answers with its name.");
        var name = keys.required("name", Words.name("demo server"), DemoServerConfig::name,
                "The name that it answers with.");
        var bind = keys.required("bind", Addresses.bind(), DemoServerConfig::bind, "Address to listen on.");
        return keys.build(values -> new DemoServerConfig(values.get(name), values.get(bind)));
    }
}
