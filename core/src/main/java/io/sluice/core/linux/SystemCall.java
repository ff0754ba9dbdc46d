package io.sluice.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A system call, by the name of its function in the C library, with its error number.
 *
 * <p>All calls have the same shape: six words in, one word out. 64-bit Linux passes arguments in such registers anyway:
 * a function reads as many as it has parameters, and of an {@code int} the lower half. For each further shape the JVM
 * would generate code and classes at its start; a shape for each call took a tenth of a second and 4 MiB more.
 *
 * <p>A call through a constant of this type is as fast as one through a constant handle, since the compiler trusts the
 * fields of records. Safe from any thread.
 */
record SystemCall(MethodHandle handle) {

    /** errno(3): no data, or no room, for now. */
    static final int EAGAIN = 11;
    /** errno(3): a signal came first. */
    static final int EINTR = 4;
    /** errno(3): the address is in use. */
    static final int EADDRINUSE = 98;
    /** errno(3): there is no such address here, or no port left for it. */
    static final int EADDRNOTAVAIL = 99;
    /** errno(3): a client has given up before it was accepted. */
    static final int ECONNABORTED = 103;
    /** errno(3): connecting goes on. */
    static final int EINPROGRESS = 115;

    private static final Logger LOG = LoggerFactory.getLogger(SystemCall.class);
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private static final FunctionDescriptor SIX_WORDS = FunctionDescriptor.of(ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    private static final Linker.Option KEEPING_ERROR = Linker.Option.captureCallState("errno");
    private static final VarHandle ERROR_NUMBER = Linker.Option.captureStateLayout()
            .varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final int MOST_TEXT_BYTES = 256;
    private static final SystemCall STRERROR = findSilent("strerror");

    /** A call that may block; null on other systems than Linux, or if this process has no native access. */
    static SystemCall find(String name) {
        return find(name, KEEPING_ERROR);
    }

    /**
     * A call that never blocks, and so is made without a change of the thread's state ({@link Linker.Option#critical});
     * null likewise.
     */
    static SystemCall findBrief(String name) {
        return find(name, KEEPING_ERROR, Linker.Option.critical(false));
    }

    /**
     * A call that never blocks and keeps no error number, for calls whose failure needs no reason; null likewise. It
     * allocates nothing even if it is called too rarely for the compiler to remove the allocation.
     */
    static SystemCall findSilent(String name) {
        SystemCall call = find(name, Linker.Option.critical(false));
        return call == null ? null
                : new SystemCall(MethodHandles.dropArguments(call.handle, 0, MemorySegment.class));
    }

    @SuppressWarnings("restricted") // The launcher's manifest grants native access.
    private static SystemCall find(String name, Linker.Option... options) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            return new SystemCall(
                    linker.downcallHandle(linker.defaultLookup().findOrThrow(name), SIX_WORDS, options));
        } catch (RuntimeException | IllegalAccessError e) {
            if (!TOLD.getAndSet(true)) {
                LOG.warn("no native access: NIO makes and waits for sockets, some of their options stay at the "
                        + "kernel's defaults, and bytes are copied through this process: {}", e.toString());
            }
            return null;
        }
    }

    /** Memory in which calls store their error number; one is enough for all calls of a thread. */
    static MemorySegment newCallState() {
        return Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
    }

    /** The error number of the call that has failed last. */
    static int errorNumber(MemorySegment callState) {
        return (int) ERROR_NUMBER.get(callState, 0L);
    }

    /** What an error number means, in the C library's words. */
    @SuppressWarnings("restricted") // The text is as long as it says itself, within bounds.
    static String describe(int errorNumber) {
        long text = STRERROR.word(null, errorNumber, 0, 0, 0, 0, 0);
        return MemorySegment.ofAddress(text).reinterpret(MOST_TEXT_BYTES).getString(0);
    }

    /** Calls one of {@link #findSilent}. */
    int call(long first) {
        return call(null, first, 0, 0, 0);
    }

    /** Calls one of {@link #findSilent}. */
    int call(long first, long second) {
        return call(null, first, second, 0, 0);
    }

    /** Calls one of {@link #findSilent}. */
    int call(long first, long second, long third) {
        return call(null, first, second, third, 0);
    }

    /** Calls one of {@link #findSilent}. */
    int call(long first, long second, long third, long fourth) {
        return call(null, first, second, third, fourth);
    }

    /** Calls, and returns the result: for most calls less than 0 on failure. So do the overloads below. */
    int call(MemorySegment callState, long first, long second) {
        return call(callState, first, second, 0);
    }

    int call(MemorySegment callState, long first, long second, long third) {
        return call(callState, first, second, third, 0);
    }

    int call(MemorySegment callState, long first, long second, long third, long fourth) {
        return call(callState, first, second, third, fourth, 0);
    }

    int call(MemorySegment callState, long first, long second, long third, long fourth, long fifth) {
        return call(callState, first, second, third, fourth, fifth, 0);
    }

    int call(MemorySegment callState, long first, long second, long third, long fourth, long fifth, long sixth) {
        return (int) word(callState, first, second, third, fourth, fifth, sixth);
    }

    private long word(MemorySegment callState, long first, long second, long third, long fourth, long fifth,
            long sixth) {
        try {
            return (long) handle.invokeExact(callState, first, second, third, fourth, fifth, sixth);
        } catch (Throwable e) {
            throw new AssertionError("a handle for six words takes six words", e);
        }
    }
}
