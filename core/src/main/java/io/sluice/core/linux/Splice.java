package io.sluice.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The system calls that move bytes between sockets without copying them: {@code splice(2)} and those for the pipes that
 * it needs. A failed call returns minus its error number. Owned by one event loop.
 */
public final class Splice {

    private static final int MOVE_PAGES_AND_DO_NOT_BLOCK = 1 | 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_NONBLOCK = 0x800;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_GETPIPE_SZ = 1032;
    /** The capacity of a new pipe with pages of 4 KiB. */
    private static final int DEFAULT_CAPACITY_BYTES = 64 * 1024;

    private static final SystemCall SPLICE = SystemCall.find("splice");
    private static final SystemCall PIPE2 = SystemCall.find("pipe2");
    private static final SystemCall FCNTL = SystemCall.find("fcntl");
    private static final int NO_OFFSET = 0;

    private static final boolean AVAILABLE = isPermitted();

    private final MemorySegment callState = SystemCall.newCallState();

    /** Whether this system has these calls and this process may make them. */
    public static boolean isAvailable() {
        return AVAILABLE;
    }

    /**
     * A new, empty pipe; null if descriptors have run out. If {@code pipe-max-size} (pipe(7)) forbids the capacity, the
     * pipe has the default one. A user beyond {@code pipe-user-pages-soft} gets pipes of two pages; these are worse
     * than none, so the result is null, too.
     */
    public Pipe openPipe(int capacityBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            if (PIPE2.call(callState, ends.address(), O_CLOEXEC | O_NONBLOCK) < 0) {
                return null;
            }
            Pipe pipe = new Pipe(this, ends.getAtIndex(ValueLayout.JAVA_INT, 0),
                    ends.getAtIndex(ValueLayout.JAVA_INT, 1));
            if (fcntl(pipe.writeEnd(), F_SETPIPE_SZ, capacityBytes) < 0
                    && fcntl(pipe.writeEnd(), F_GETPIPE_SZ, 0) < DEFAULT_CAPACITY_BYTES) {
                pipe.close();
                return null;
            }
            return pipe;
        }
    }

    /** Moves bytes between two descriptors of which one is a pipe's: how many, 0 at the end, or minus the error. */
    int invokeSplice(int from, int to, int mostBytes) {
        return orFailure(SPLICE.call(callState, from, NO_OFFSET, to, NO_OFFSET, mostBytes,
                MOVE_PAGES_AND_DO_NOT_BLOCK));
    }

    private int fcntl(int descriptor, int operation, int argument) {
        return orFailure(FCNTL.call(callState, descriptor, operation, argument));
    }

    private int orFailure(int result) {
        return result < 0 ? -SystemCall.errorNumber(callState) : result;
    }

    /** Tries the calls: they may exist but be denied, for example by a seccomp filter. */
    private static boolean isPermitted() {
        if (SPLICE == null || PIPE2 == null || FCNTL == null || !Descriptor.isClosable()) {
            return false;
        }
        Splice splice = new Splice();
        Pipe from = splice.openPipe(1);
        Pipe to = splice.openPipe(1);
        try {
            return from != null && to != null
                    && splice.invokeSplice(from.readEnd(), to.writeEnd(), 1) == -SystemCall.EAGAIN;
        } finally {
            if (from != null) {
                from.close();
            }
            if (to != null) {
                to.close();
            }
        }
    }
}
