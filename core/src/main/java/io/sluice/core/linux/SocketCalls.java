package io.sluice.core.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import sun.nio.ch.DirectBuffer;

/**
 * Receives and sends directly by {@code recv(2)} and {@code send(2)}, on non-blocking descriptors. A channel needs two
 * locks and two changes of the thread's state around each call, and its {@code read(2)} and {@code write(2)} take the
 * longer way through the kernel's file system layer: in all about 5 % of the CPU time of a small HTTP request.
 *
 * <p>Only the thread that owns a descriptor may close it: otherwise its number could belong to another socket by the
 * time of a call. Owned by one event loop.
 */
public final class SocketCalls {

    /** The peer has ended its direction. */
    public static final int END = -1;

    /** Neither call waits, and a peer that is gone raises no signal: {@code MSG_DONTWAIT | MSG_NOSIGNAL}. */
    private static final int FLAGS = 0x40 | 0x4000;
    private static final int MSG_MORE = 0x8000;
    private static final int COPY_BYTES = 16 * 1024;
    private static final SystemCall RECV = SystemCall.findBrief("recv");
    private static final SystemCall SEND = SystemCall.findBrief("send");
    private static final SystemCall POLL = SystemCall.findSilent("poll");
    /** A {@code struct pollfd}: the descriptor, the events asked for, the events found. */
    private static final int ASKED_EVENTS = 4;
    private static final int POLLFD_BYTES = 8;
    private static final short POLLOUT = 4;

    private final MemorySegment callState = SystemCall.newCallState();
    /** For heap buffers, which are rare and small: messages of Sluice's own. */
    private final ByteBuffer copy = ByteBuffer.allocateDirect(COPY_BYTES);
    private final ByteBuffer polled = ByteBuffer.allocateDirect(POLLFD_BYTES).order(ByteOrder.nativeOrder());

    /** Whether this process may make these calls. */
    public static boolean isAvailable() {
        return RECV != null && SEND != null && POLL != null;
    }

    /**
     * Reads once: the number of bytes, 0 if there are none now, or {@link #END}.
     *
     * @throws IOException if the connection is broken
     */
    public int receive(int descriptor, ByteBuffer buffer) throws IOException {
        if (!buffer.hasRemaining()) {
            return 0;
        }
        if (!buffer.isDirect()) {
            return receiveByCopy(descriptor, buffer);
        }
        int count = invokeRecv(descriptor, buffer);
        return count == 0 ? END : moved(count, buffer);
    }

    /**
     * Writes once: the number of bytes, 0 if the socket is full.
     *
     * @param more whether more bytes or the end follow at once: the kernel may send both in one segment
     * @throws IOException if the connection is broken
     */
    public int send(int descriptor, ByteBuffer buffer, boolean more) throws IOException {
        if (!buffer.isDirect()) {
            return sendByCopy(descriptor, buffer, more);
        }
        return moved(invokeSend(descriptor, buffer, more ? FLAGS | MSG_MORE : FLAGS), buffer);
    }

    /** Whether the kernel would now report that the socket takes bytes, or is broken: {@code poll(2)}. */
    public boolean hasRoom(int descriptor) {
        polled.putInt(0, descriptor).putShort(ASKED_EVENTS, POLLOUT);
        return invokePoll() != 0;
    }

    private int receiveByCopy(int descriptor, ByteBuffer heap) throws IOException {
        copy.clear().limit(Math.min(copy.capacity(), heap.remaining()));
        int count = receive(descriptor, copy);
        heap.put(copy.flip());
        return count;
    }

    private int sendByCopy(int descriptor, ByteBuffer heap, boolean more) throws IOException {
        int most = Math.min(copy.capacity(), heap.remaining());
        copy.clear().put(0, heap, heap.position(), most).limit(most);
        int count = send(descriptor, copy, more);
        heap.position(heap.position() + count);
        return count;
    }

    // See package-info for the methods' names.

    private int invokeRecv(int descriptor, ByteBuffer buffer) {
        return RECV.call(callState, descriptor, address(buffer), buffer.remaining(), FLAGS);
    }

    private int invokeSend(int descriptor, ByteBuffer buffer, int flags) {
        return SEND.call(callState, descriptor, address(buffer), buffer.remaining(), flags);
    }

    private int invokePoll() {
        return POLL.call(address(polled), 1, 0);
    }

    private static long address(ByteBuffer buffer) {
        return ((DirectBuffer) buffer).address() + buffer.position();
    }

    private int moved(int count, ByteBuffer buffer) throws IOException {
        if (count >= 0) {
            buffer.position(buffer.position() + count);
            return count;
        }
        int error = SystemCall.errorNumber(callState);
        if (error == SystemCall.EAGAIN || error == SystemCall.EINTR) {
            return 0;
        }
        throw new IOException(SystemCall.describe(error));
    }
}
