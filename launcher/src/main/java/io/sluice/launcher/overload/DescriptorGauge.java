package io.sluice.launcher.overload;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sluice.config.OverloadConfig;
import java.io.File;
import java.lang.management.ManagementFactory;

/** File descriptors of the process, against its limit of open files. Used by one thread. */
public final class DescriptorGauge implements Gauge {

    private static final File DIRECTORY = new File("/proc/self/fd");

    /** Null if the system is not Unix. */
    private final UnixOperatingSystemMXBean system =
            ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix : null;

    @Override
    public String name() {
        return "file descriptors";
    }

    @Override
    public double share() {
        return system == null ? 0 : (double) open() / system.getMaxFileDescriptorCount();
    }

    /** Since Linux 6.2, the directory's size is the number of descriptors; before, it is 0, so they are counted. */
    private long open() {
        long known = DIRECTORY.length();
        return known > 0 ? known : system.getOpenFileDescriptorCount();
    }

    @Override
    public int limitPercent(OverloadConfig config) {
        return config.fileDescriptors();
    }
}
