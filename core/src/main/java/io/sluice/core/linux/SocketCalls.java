package io.sluice.core.linux;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import sun.nio.ch.DirectBuffer;
import sun.nio.ch.SelChImpl;

/**
 * Receives and sends by {@code recv(2)} and {@code send(2)} themselves. {@link SocketChannel} needs two locks and two
 * changes of the thread's state around each call, and its {@code read(2)} and {@code write(2)} take the longer way
 * through the kernel's file system layer: in all about 5 % of the CPU time of a small HTTP request.
 *
 * <p>A channel that is used so must not block and belongs to one thread, the only one that closes it: nothing else
 * keeps a descriptor from being another channel's by the time of the call. Where there are no native calls, and for
 * buffers on the heap, the channel does the work. Owned by one event loop.
 */
public final class SocketCalls {

    /** The peer has ended its direction. */
    public static final int END = -1;

    /** Neither call waits, and a peer that is gone raises no signal: {@code MSG_DONTWAIT | MSG_NOSIGNAL}. */
    private static final int FLAGS = 0x40 | 0x4000;
    private static final MethodHandle RECV = find("recv");
    private static final MethodHandle SEND = find("send");

    private final MemorySegment callState = SystemCall.newCallState();

    /** Whether this process may make these calls; if not, channels do the work. */
    public static boolean isAvailable() {
        return RECV != null && SEND != null;
    }

    /**
     * Reads once: the number of bytes, 0 if there are none now, or {@link #END}.
     *
     * @throws IOException if the connection is broken, or the channel closed
     */
    public int receive(SocketChannel channel, ByteBuffer buffer) throws IOException {
        if (!isAvailable() || !buffer.isDirect() || !buffer.hasRemaining()) {
            return channel.read(buffer);
        }
        int count = invokeRecv(descriptor(channel), buffer);
        return count == 0 ? END : moved(count, buffer);
    }

    /**
     * Writes once: the number of bytes, 0 if the socket is full.
     *
     * @throws IOException if the connection is broken, or the channel closed
     */
    public int send(SocketChannel channel, ByteBuffer buffer) throws IOException {
        if (!isAvailable() || !buffer.isDirect() || !buffer.hasRemaining()) {
            return channel.write(buffer);
        }
        return moved(invokeSend(descriptor(channel), buffer), buffer);
    }

    // The handles are constants where they are invoked: only then does the compiler see through them. See package-info
    // for the methods' names.

    private int invokeRecv(int descriptor, ByteBuffer buffer) {
        try {
            return (int) (long) RECV.invokeExact(
                    callState, descriptor, address(buffer), (long) buffer.remaining(), FLAGS);
        } catch (Throwable e) {
            throw new AssertionError("recv's method handle takes exactly these arguments", e);
        }
    }

    private int invokeSend(int descriptor, ByteBuffer buffer) {
        try {
            return (int) (long) SEND.invokeExact(
                    callState, descriptor, address(buffer), (long) buffer.remaining(), FLAGS);
        } catch (Throwable e) {
            throw new AssertionError("send's method handle takes exactly these arguments", e);
        }
    }

    private static int descriptor(SocketChannel channel) throws ClosedChannelException {
        if (!channel.isOpen()) {
            // The number may be another channel's by now.
            throw new ClosedChannelException();
        }
        return ((SelChImpl) channel).getFDVal();
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
        throw new IOException("the connection is broken: error number " + error);
    }

    /** Critical, as calls that never wait may do without a change of the thread's state. */
    private static MethodHandle find(String name) {
        return SystemCall.find(name,
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
                SystemCall.KEEPING_ERROR, Linker.Option.critical(false));
    }
}
