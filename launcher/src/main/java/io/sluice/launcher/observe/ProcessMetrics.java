package io.sluice.launcher.observe;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;

/** The usual metrics of a process and its JVM, under their usual names. Owned by one thread. */
final class ProcessMetrics {

    /** Unlike statm it does not count in pages, whose size depends on the host. */
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "\nVmRSS:";
    private static final int KIB = 1024;

    private final Families families;

    ProcessMetrics(Families families) {
        this.families = families;
    }

    void add() {
        families.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.")
                .add(ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3, Labels.NONE);
        addSystem();
        addMemory();
        Numbers collections = families.counter("jvm_gc_collections", "Garbage collections.");
        Numbers seconds = families.counter("jvm_gc_collection_seconds", "Time spent on garbage collection.");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            Labels labels = Labels.of("gc", collector.getName());
            collections.add(collector.getCollectionCount(), labels);
            seconds.add(collector.getCollectionTime() / 1e3, labels);
        }
        families.gauge("jvm_threads_current", "Platform threads of the JVM.")
                .add(ManagementFactory.getThreadMXBean().getThreadCount(), Labels.NONE);
    }

    private void addSystem() {
        Numbers cpu = families.counter("process_cpu_seconds", "CPU time used by the process.");
        Numbers open = families.gauge("process_open_fds", "File descriptors in use.");
        Numbers most = families.gauge("process_max_fds", "Limit on file descriptors.");
        Numbers resident = families.gauge("process_resident_memory_bytes", "Memory of the process in RAM.");
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            cpu.add(system.getProcessCpuTime() / 1e9, Labels.NONE);
            open.add(system.getOpenFileDescriptorCount(), Labels.NONE);
            most.add(system.getMaxFileDescriptorCount(), Labels.NONE);
        }
        try {
            resident.add(residentBytes(Files.readString(STATUS)), Labels.NONE);
        } catch (IOException e) {
            // Not Linux: the metric is left out.
            assert !Files.exists(STATUS) : e;
        }
    }

    /** What proc(5) says in {@code /proc/PID/status}, always in kB, that is KiB. */
    static long residentBytes(String status) {
        int start = status.indexOf(RESIDENT) + RESIDENT.length();
        String line = status.substring(start, status.indexOf(" kB", start));
        return Long.parseLong(line.strip()) * KIB;
    }

    private void addMemory() {
        Numbers used = families.gauge("jvm_memory_used_bytes", "Memory that the JVM uses, for objects and for itself.");
        Numbers most = families.gauge("jvm_memory_max_bytes",
                "Memory that the JVM may use; absent if there is no limit.");
        addMemory(used, most, "heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
        addMemory(used, most, "nonheap", ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
        Numbers buffers = families.gauge("jvm_buffer_pool_used_bytes", "Memory used by buffers outside the heap.");
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            buffers.add(pool.getMemoryUsed(), Labels.of("pool", pool.getName()));
        }
    }

    private static void addMemory(Numbers used, Numbers most, String area, MemoryUsage usage) {
        Labels labels = Labels.of("area", area);
        used.add(usage.getUsed(), labels);
        if (usage.getMax() >= 0) {
            most.add(usage.getMax(), labels);
        }
    }
}
