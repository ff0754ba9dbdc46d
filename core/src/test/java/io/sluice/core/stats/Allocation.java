package io.sluice.core.stats;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How many bytes of the heap threads allocate. */
public final class Allocation {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() { }

    /** By this thread since it began. */
    public static long of(Thread thread) {
        assertTrue(THREADS.isThreadAllocatedMemoryEnabled());
        return THREADS.getThreadAllocatedBytes(thread.threadId());
    }

    /** By this work, which is done at once on the thread that calls. */
    public static long by(Runnable work) {
        assertTrue(THREADS.isThreadAllocatedMemoryEnabled());
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long measuring = THREADS.getCurrentThreadAllocatedBytes() - before;
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before - measuring;
    }
}
