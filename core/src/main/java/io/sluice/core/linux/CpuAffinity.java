package io.sluice.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/** Reads and sets the cores that the calling thread may run on: sched_setaffinity(2). Safe from any thread. */
public final class CpuAffinity {

    /** Core numbers are below this. The kernel needs a mask for as many cores as it was built for, 8192 at most. */
    public static final int MOST_CORES = 8192;

    private static final int CALLING_THREAD = 0;
    private static final SystemCall GET = SystemCall.findSilent("sched_getaffinity");
    private static final SystemCall SET = SystemCall.findSilent("sched_setaffinity");

    private CpuAffinity() { }

    /** The cores that the calling thread may run on; empty if the kernel cannot be asked. */
    public static BitSet allowed() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MOST_CORES / Byte.SIZE);
            return call(GET, mask) < 0 ? new BitSet() : BitSet.valueOf(mask.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** Binds the calling thread to one core; false if the kernel refuses or cannot be asked. */
    public static boolean bind(int core) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MOST_CORES / Byte.SIZE);
            mask.set(ValueLayout.JAVA_BYTE, core / Byte.SIZE, (byte) (1 << core % Byte.SIZE));
            return call(SET, mask) >= 0;
        }
    }

    private static int call(SystemCall call, MemorySegment mask) {
        return call == null ? -1 : call.call(CALLING_THREAD, mask.byteSize(), mask.address());
    }
}
