package io.sluice.launcher.control;

import io.sluice.launcher.overload.BufferGauge;
import io.sluice.launcher.overload.DescriptorGauge;
import io.sluice.launcher.overload.HeapGauge;
import io.sluice.launcher.overload.OverloadGuard;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks for overload at intervals, until the machine ends. Owned by the control plane's scheduler. */
final class OverloadWatch {

    private static final Logger LOG = LoggerFactory.getLogger(OverloadWatch.class);
    private static final Duration INTERVAL = Duration.ofMillis(250);
    /** A pause is at least this many times as long as the look before it: counting many file descriptors takes time. */
    private static final int COSTS_BETWEEN_LOOKS = 50;

    private final Machine machine;
    private final Supplier<Assembly> current;
    private final OverloadGuard guard;
    private long nextLookNs = System.nanoTime();

    OverloadWatch(Machine machine, Supplier<Assembly> current) {
        this.machine = machine;
        this.current = current;
        guard = new OverloadGuard(List.of(new DescriptorGauge(), new BufferGauge(machine.workers()), new HeapGauge()),
                new Shedding(machine.workers(), current));
    }

    void start() {
        machine.repeat(this::look, INTERVAL);
    }

    private void look() {
        long startNs = System.nanoTime();
        if (startNs - nextLookNs < 0) {
            return;
        }
        try {
            guard.look(current.get().config().overload());
        } catch (RuntimeException e) {
            LOG.error("looking for overload failed", e);
        }
        long endNs = System.nanoTime();
        nextLookNs = endNs + COSTS_BETWEEN_LOOKS * (endNs - startNs);
    }
}
