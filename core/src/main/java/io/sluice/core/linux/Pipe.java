package io.sluice.core.linux;

/**
 * A kernel pipe for bytes on their way from one socket to another (pipe(7), splice(2)), which never enter this process.
 * Owned by one event loop.
 */
public final class Pipe {

    /** The source has ended: there will be no more bytes. */
    public static final int END = -1;
    /** The socket is broken. */
    public static final int BROKEN = -2;

    private final Splice splice;
    private final int readEnd;
    private final int writeEnd;
    /** Bytes that are in the pipe. */
    private int heldBytes;

    Pipe(Splice splice, int readEnd, int writeEnd) {
        this.splice = splice;
        this.readEnd = readEnd;
        this.writeEnd = writeEnd;
    }

    public boolean isEmpty() {
        return heldBytes == 0;
    }

    /**
     * Moves bytes from a non-blocking socket into the pipe. The pipe must be empty: otherwise the kernel would not tell
     * whether the socket has no more bytes or the pipe no room.
     *
     * @return how many, 0 if there are none now, {@link #END} or {@link #BROKEN}
     */
    public int fillFrom(int source, int mostBytes) {
        assert isEmpty();
        int count = splice.invokeSplice(source, writeEnd, mostBytes);
        if (count > 0) {
            heldBytes = count;
            return count;
        }
        return count == 0 ? END : noneOrBroken(count);
    }

    /**
     * Moves bytes from the pipe to a non-blocking socket.
     *
     * @return how many, 0 if it has no room now, or {@link #BROKEN}
     */
    public int emptyInto(int sink) {
        assert !isEmpty();
        int count = splice.invokeSplice(readEnd, sink, heldBytes);
        if (count > 0) {
            heldBytes -= count;
            return count;
        }
        return noneOrBroken(count);
    }

    /** Frees the pipe, with whatever is in it. */
    public void close() {
        Descriptor.close(readEnd);
        Descriptor.close(writeEnd);
    }

    int readEnd() {
        return readEnd;
    }

    int writeEnd() {
        return writeEnd;
    }

    private static int noneOrBroken(int failure) {
        return failure == -SystemCall.EAGAIN || failure == -SystemCall.EINTR ? 0 : BROKEN;
    }
}
