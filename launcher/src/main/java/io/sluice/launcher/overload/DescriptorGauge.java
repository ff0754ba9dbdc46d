package io.sluice.launcher.overload;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sluice.config.OverloadConfig;
import java.lang.management.ManagementFactory;

/** File descriptors of the process, against its limit of open files. Used by one thread. */
public final class DescriptorGauge implements Gauge {

    @Override
    public String name() {
        return "file descriptors";
    }

    @Override
    public double share() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? (double) system.getOpenFileDescriptorCount() / system.getMaxFileDescriptorCount() : 0;
    }

    @Override
    public int limitPercent(OverloadConfig config) {
        return config.fileDescriptors();
    }
}
