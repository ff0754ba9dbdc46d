package io.sluice.core.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Opens, accepts and connects TCP sockets directly by system calls, none of which blocks. A connection takes half as
 * many calls as with NIO, which queries addresses that nobody needs, changes flags twice, and reads options before it
 * closes.
 *
 * <p>The caller must forget a closed descriptor, as the kernel reuses the number. Safe from any thread.
 */
public final class Sockets {

    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SHUT_WR = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SO_LINGER = 13;
    /** {@code struct linger}: two ints, a switch and a time in seconds. */
    private static final int LINGER_BYTES = 8;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    /** {@code struct tcp_info}, up to the last field read here; times are in milliseconds. */
    private static final int INFO_BYTES = 60;
    private static final int LAST_DATA_SENT = 44;
    private static final int LAST_ACK_RECEIVED = 56;

    private static final SystemCall SOCKET = SystemCall.find("socket");
    private static final SystemCall BIND = SystemCall.findBrief("bind");
    private static final SystemCall CONNECT = SystemCall.findBrief("connect");
    private static final SystemCall GETSOCKNAME = SystemCall.findBrief("getsockname");
    private static final SystemCall ACCEPT4 = SystemCall.findBrief("accept4");
    private static final SystemCall SHUTDOWN = SystemCall.findBrief("shutdown");
    private static final SystemCall GETSOCKOPT = SystemCall.findBrief("getsockopt");
    private static final SystemCall SETSOCKOPT = SystemCall.findBrief("setsockopt");

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private Sockets() { }

    /** Whether this process may make these calls. */
    public static boolean isAvailable() {
        return SOCKET != null && BIND != null && CONNECT != null && GETSOCKNAME != null && ACCEPT4 != null
                && SHUTDOWN != null && Descriptor.isClosable() && GETSOCKOPT != null && SETSOCKOPT != null;
    }

    /** A new socket of an address's family; non-blocking. */
    public static int open(InetAddress like) throws IOException {
        return open(SocketAddressBytes.family(like), SOCK_STREAM | SOCK_NONBLOCK);
    }

    static int open(int family, int type) throws IOException {
        Scratch scratch = SCRATCH.get();
        return scratch.checked(SOCKET.call(scratch.callState, family, type | SOCK_CLOEXEC));
    }

    /** @throws BindException if the address is not this host's, or taken */
    public static void bind(int descriptor, InetSocketAddress local) throws IOException {
        Scratch scratch = SCRATCH.get();
        int length = SocketAddressBytes.write(scratch.argument, local);
        scratch.checked(BIND.call(scratch.callState, descriptor, scratch.argument.address(), length));
    }

    /**
     * Starts connecting.
     *
     * @return whether the connection is established already
     * @throws BindException if this host has no port left towards the address
     */
    public static boolean connect(int descriptor, InetSocketAddress remote) throws IOException {
        Scratch scratch = SCRATCH.get();
        int length = SocketAddressBytes.write(scratch.argument, remote);
        if (CONNECT.call(scratch.callState, descriptor, scratch.argument.address(), length) == 0) {
            return true;
        }
        if (scratch.error() != SystemCall.EINPROGRESS) {
            throw failure(scratch.error());
        }
        return false;
    }

    /** Checks the outcome of connecting, once the socket is ready. @throws IOException if it has failed */
    public static void finishConnect(int descriptor) throws IOException {
        Scratch scratch = SCRATCH.get();
        scratch.length.set(ValueLayout.JAVA_INT, 0, Integer.BYTES);
        scratch.checked(GETSOCKOPT.call(scratch.callState, descriptor, SOL_SOCKET, SO_ERROR,
                scratch.argument.address(), scratch.length.address()));
        int error = scratch.argument.get(ValueLayout.JAVA_INT, 0);
        if (error != 0) {
            throw failure(error);
        }
    }

    /**
     * Takes the next client of a listening socket; non-blocking.
     *
     * @return its descriptor, or -1 if there is none
     */
    public static int accept(ServerSocketChannel listening) throws IOException {
        Scratch scratch = SCRATCH.get();
        scratch.length.set(ValueLayout.JAVA_INT, 0, SocketAddressBytes.MOST_BYTES);
        for (;;) {
            int descriptor = ACCEPT4.call(scratch.callState, Descriptor.of(listening),
                    scratch.argument.address(), scratch.length.address(), SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor >= 0) {
                return descriptor;
            }
            switch (scratch.error()) {
                case SystemCall.EAGAIN -> {
                    return -1;
                }
                case SystemCall.EINTR, SystemCall.ECONNABORTED -> { }
                default -> throw failure(scratch.error());
            }
        }
    }

    /** The address of the client that this thread has accepted by its last call. */
    public static InetSocketAddress acceptedFrom() {
        return SocketAddressBytes.read(SCRATCH.get().argument);
    }

    /** The address that a socket is bound to. */
    public static InetSocketAddress localAddress(int descriptor) throws IOException {
        Scratch scratch = SCRATCH.get();
        scratch.length.set(ValueLayout.JAVA_INT, 0, SocketAddressBytes.MOST_BYTES);
        scratch.checked(GETSOCKNAME.call(scratch.callState, descriptor, scratch.argument.address(),
                scratch.length.address()));
        return SocketAddressBytes.read(scratch.argument);
    }

    /**
     * How long ago the peer has last taken bytes, in nanoseconds: the kernel has then sent some, and the peer has
     * answered since. Neither retransmissions to a peer that is gone count, nor probes of one that takes nothing.
     */
    public static long sinceTakenNs(int descriptor) throws IOException {
        Scratch scratch = SCRATCH.get();
        scratch.length.set(ValueLayout.JAVA_INT, 0, INFO_BYTES);
        scratch.checked(GETSOCKOPT.call(scratch.callState, descriptor, IPPROTO_TCP, TCP_INFO,
                scratch.argument.address(), scratch.length.address()));
        long sentMs = Integer.toUnsignedLong(scratch.argument.get(ValueLayout.JAVA_INT, LAST_DATA_SENT));
        long answeredMs = Integer.toUnsignedLong(scratch.argument.get(ValueLayout.JAVA_INT, LAST_ACK_RECEIVED));
        return TimeUnit.MILLISECONDS.toNanos(Math.max(sentMs, answeredMs));
    }

    /** Ends the direction to the peer. */
    public static void shutdownOutput(int descriptor) throws IOException {
        Scratch scratch = SCRATCH.get();
        scratch.checked(SHUTDOWN.call(scratch.callState, descriptor, SHUT_WR));
    }

    /** Makes {@link Descriptor#close} reset the connection. */
    public static void resetAtClose(int descriptor) throws IOException {
        Scratch scratch = SCRATCH.get();
        scratch.argument.set(ValueLayout.JAVA_INT, 0, 1);
        scratch.argument.set(ValueLayout.JAVA_INT, Integer.BYTES, 0);
        scratch.checked(setOption(scratch, descriptor, SOL_SOCKET, SO_LINGER, LINGER_BYTES));
    }

    /** @return whether the kernel takes the option */
    static boolean setOption(int descriptor, int level, int name, int value) {
        Scratch scratch = SCRATCH.get();
        scratch.argument.set(ValueLayout.JAVA_INT, 0, value);
        return setOption(scratch, descriptor, level, name, Integer.BYTES) == 0;
    }

    /** The value is the scratch argument. */
    private static int setOption(Scratch scratch, int descriptor, int level, int name, int lengthBytes) {
        return SETSOCKOPT.call(scratch.callState, descriptor, level, name, scratch.argument.address(), lengthBytes);
    }

    private static IOException failure(int error) {
        String text = SystemCall.describe(error);
        return error == SystemCall.EADDRINUSE || error == SystemCall.EADDRNOTAVAIL ? new BindException(text)
                : new IOException(text);
    }

    /** One thread's memory for the arguments and results of calls. */
    private static final class Scratch {

        private final MemorySegment callState = SystemCall.newCallState();
        /** An address, or an option's value. */
        private final MemorySegment argument = Arena.ofAuto()
                .allocate(Math.max(SocketAddressBytes.MOST_BYTES, INFO_BYTES), Integer.BYTES);
        private final MemorySegment length = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);

        int error() {
            return SystemCall.errorNumber(callState);
        }

        int checked(int result) throws IOException {
            if (result < 0) {
                throw failure(error());
            }
            return result;
        }
    }
}
