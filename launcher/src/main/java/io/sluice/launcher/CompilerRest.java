package io.sluice.launcher;

import io.sluice.core.linux.FilePages;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * Drops the pages of files each time the JVM's compilers have come to rest, after the start and after new load. Most of
 * these pages are of the compilers, or were needed for the start alone. Owned by the main thread.
 */
final class CompilerRest {

    /** Even an idle process compiles a small method now and then. */
    private static final int LITTLE_MS = 20;

    private final LongSupplier compiledMs;
    private final Runnable release;
    private long atLastLook;
    private long atLastRelease;

    CompilerRest() {
        this(compiledMs(), new FilePages()::release);
    }

    /** @param compiledMs for how long the compilers have worked in all */
    CompilerRest(LongSupplier compiledMs, Runnable release) {
        this.compiledMs = compiledMs;
        this.release = release;
    }

    private static LongSupplier compiledMs() {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        // There are none with -Xint.
        return compilers == null ? () -> 0 : compilers::getTotalCompilationTime;
    }

    /** Called every few seconds: if little was compiled since the last call, the compilers rest. */
    void look() {
        long now = compiledMs.getAsLong();
        if (now - atLastLook <= LITTLE_MS && now - atLastRelease > LITTLE_MS) {
            release.run();
            atLastRelease = now;
        }
        atLastLook = now;
    }
}
