package io.sluice.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds system calls by their names in the C library, and what went wrong with them. Safe from any thread. */
final class SystemCall {

    private static final Logger LOG = LoggerFactory.getLogger(SystemCall.class);
    private static final AtomicBoolean TOLD = new AtomicBoolean();

    /** errno(3): nothing to be had, or no room, for now. */
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

    /** Has a call leave its error number in a segment, which becomes its first argument. */
    static final Linker.Option KEEPING_ERROR = Linker.Option.captureCallState("errno");

    private static final VarHandle ERROR_NUMBER = Linker.Option.captureStateLayout()
            .varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final int MOST_TEXT_BYTES = 256;
    private static final MethodHandle STRERROR = find("strerror",
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private SystemCall() { }

    /** Where calls leave their error number: one place does for all calls of one thread. */
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
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errorNumber);
            return text.reinterpret(MOST_TEXT_BYTES).getString(0);
        } catch (Throwable e) {
            throw new AssertionError("strerror's method handle takes exactly this argument", e);
        }
    }

    /** The call, or null on another system than Linux and in a process without access to native calls. */
    @SuppressWarnings("restricted") // The launcher's manifest grants native access.
    static MethodHandle find(String name, FunctionDescriptor type, Linker.Option... options) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type, options);
        } catch (RuntimeException | IllegalAccessError e) {
            if (!TOLD.getAndSet(true)) {
                LOG.warn("no native access: NIO makes and waits for sockets, some of their options stay at the "
                        + "kernel's defaults, and bytes are copied through this process: {}", e.toString());
            }
            return null;
        }
    }
}
