package io.sluice.core.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * Passes open sockets to another process over a connected Unix socket: unix(7), {@code SCM_RIGHTS}. Both processes then
 * share the sockets, queues included; a socket is closed once both have closed it. Safe from any thread.
 */
public final class DescriptorPassing {

    /** The most sockets in one message; the kernel's bound is a little higher. */
    public static final int MOST = 250;

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int O_CLOEXEC = 0x80000;

    private static final MemoryLayout VECTOR = MemoryLayout.structLayout(
            ValueLayout.ADDRESS.withName("base"), ValueLayout.JAVA_LONG.withName("length"));
    /** {@code struct msghdr} of 64-bit Linux: name, its length, vectors, their count, control, its length, flags. */
    private static final MemoryLayout MESSAGE = MemoryLayout.structLayout(
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    private static final int VECTORS = 16;
    private static final int VECTOR_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    /** {@code struct cmsghdr}: length, level, type; then the descriptors. */
    private static final int CONTROL_HEAD_BYTES = 16;

    private static final SystemCall SENDMSG = SystemCall.find("sendmsg");
    private static final SystemCall RECVMSG = SystemCall.find("recvmsg");
    private static final SystemCall DUP3 = SystemCall.find("dup3");

    private DescriptorPassing() { }

    /** Whether this system has these calls and this process may make them. */
    public static boolean isAvailable() {
        return SENDMSG != null && RECVMSG != null && DUP3 != null && Descriptor.isClosable();
    }

    /** Sends bytes, few enough for the socket's buffer, and with them up to {@link #MOST} sockets. Blocks. */
    public static void send(SocketChannel over, byte[] bytes, List<? extends Channel> sockets) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment control = control(arena, sockets.size());
            for (int i = 0; i < sockets.size(); i++) {
                control.set(ValueLayout.JAVA_INT, CONTROL_HEAD_BYTES + (long) Integer.BYTES * i,
                        Descriptor.of(sockets.get(i)));
            }
            MemorySegment content = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            MemorySegment message = message(arena, content, sockets.isEmpty() ? MemorySegment.NULL : control);
            if (transfer(SENDMSG, over, message, MSG_NOSIGNAL) != bytes.length) {
                throw new IOException("the message did not go out whole");
            }
        }
    }

    /**
     * Receives bytes and sockets. Blocks until there are any.
     *
     * @param descriptors gets those of the sockets that came with the bytes; the caller has to {@link #adopt} or
     *                    {@link Descriptor#close close} them
     * @return how many bytes, 0 at the end
     */
    public static int receive(SocketChannel over, byte[] bytes, List<Integer> descriptors) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocate(bytes.length);
            MemorySegment control = control(arena, MOST);
            MemorySegment message = message(arena, content, control);
            int count = transfer(RECVMSG, over, message, MSG_CMSG_CLOEXEC);
            MemorySegment.copy(content, ValueLayout.JAVA_BYTE, 0, bytes, 0, count);
            if (message.get(ValueLayout.JAVA_LONG, CONTROL_LENGTH) >= CONTROL_HEAD_BYTES) {
                long end = control.get(ValueLayout.JAVA_LONG, 0);
                for (long at = CONTROL_HEAD_BYTES; at < end; at += Integer.BYTES) {
                    descriptors.add(control.get(ValueLayout.JAVA_INT, at));
                }
            }
            return count;
        }
    }

    /** Replaces a channel's socket by that of a received descriptor, which is closed. */
    public static void adopt(ServerSocketChannel channel, int descriptor) throws IOException {
        MemorySegment callState = SystemCall.newCallState();
        try {
            if (DUP3.call(callState, descriptor, Descriptor.of(channel), O_CLOEXEC) < 0) {
                throw new IOException("dup3: " + SystemCall.describe(SystemCall.errorNumber(callState)));
            }
        } finally {
            Descriptor.close(descriptor);
        }
    }

    private static MemorySegment control(Arena arena, int descriptors) {
        long length = CONTROL_HEAD_BYTES + (long) Integer.BYTES * descriptors;
        MemorySegment control = arena.allocate((length + Long.BYTES - 1) / Long.BYTES * Long.BYTES, Long.BYTES);
        control.set(ValueLayout.JAVA_LONG, 0, length);
        control.set(ValueLayout.JAVA_INT, Long.BYTES, SOL_SOCKET);
        control.set(ValueLayout.JAVA_INT, Long.BYTES + Integer.BYTES, SCM_RIGHTS);
        return control;
    }

    private static MemorySegment message(Arena arena, MemorySegment content, MemorySegment control) {
        MemorySegment vector = arena.allocate(VECTOR);
        vector.set(ValueLayout.ADDRESS, 0, content);
        vector.set(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS.byteSize(), content.byteSize());
        MemorySegment message = arena.allocate(MESSAGE);
        message.set(ValueLayout.ADDRESS, VECTORS, vector);
        message.set(ValueLayout.JAVA_LONG, VECTOR_COUNT, 1);
        message.set(ValueLayout.ADDRESS, CONTROL, control);
        message.set(ValueLayout.JAVA_LONG, CONTROL_LENGTH, control.byteSize());
        return message;
    }

    private static int transfer(SystemCall call, SocketChannel over, MemorySegment message, int flags)
            throws IOException {
        MemorySegment callState = SystemCall.newCallState();
        int count = call.call(callState, Descriptor.of(over), message.address(), flags);
        if (count < 0) {
            throw new IOException("passing sockets failed: "
                    + SystemCall.describe(SystemCall.errorNumber(callState)));
        }
        return count;
    }
}
