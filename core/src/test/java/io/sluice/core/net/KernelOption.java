package io.sluice.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.core.linux.Descriptor;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.SocketChannel;

/** Options of sockets as the kernel has them, by their numbers there. */
public enum KernelOption {

    IP_BIND_ADDRESS_NO_PORT(0, 24), SO_SNDBUF(1, 7), SO_KEEPALIVE(1, 9), TCP_NODELAY(6, 1), TCP_KEEPIDLE(6, 4),
    TCP_KEEPINTVL(6, 5), TCP_KEEPCNT(6, 6), TCP_QUICKACK(6, 12);

    private static final int F_GETFL = 3;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final int TCP_INFO_BYTES = 144;
    private static final long STATE = 0;
    private static final int STATE_MASK = 0xff;
    private static final int CLOSE_WAIT = 8;
    private static final long SEGMENTS_OUT = 136;
    private static final long SEGMENTS_IN = 140;

    private final int level;
    private final int number;

    KernelOption(int level, int number) {
        this.level = level;
        this.number = number;
    }

    public int get(TcpSocket socket) throws Throwable {
        MethodHandle getsockopt = find("getsockopt", ValueLayout.ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, -1);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
            int result = (int) getsockopt.invokeExact(socket.descriptor(), level, number, value, length);
            assertEquals(0, result);
            return value.get(ValueLayout.JAVA_INT, 0);
        }
    }

    public void set(TcpSocket socket, int value) {
        MethodHandle setsockopt = find("setsockopt", ValueLayout.JAVA_INT);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            int result = (int) setsockopt.invokeExact(socket.descriptor(), level, number, pointer, Integer.BYTES);
            assertEquals(0, result);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** How many segments a TCP socket has sent (tcp(7), {@code TCP_INFO}). */
    public static int segmentsSent(TcpSocket socket) {
        return tcpInfo(socket.descriptor(), SEGMENTS_OUT);
    }

    /** Likewise received. */
    public static int segmentsReceived(SocketChannel socket) {
        return tcpInfo(Descriptor.of(socket), SEGMENTS_IN);
    }

    /** Whether the peer's end has come to a socket that has not been closed (tcp(7), {@code TCP_CLOSE_WAIT}). */
    public static boolean isEndedByPeer(TcpSocket socket) {
        return (tcpInfo(socket.descriptor(), STATE) & STATE_MASK) == CLOSE_WAIT;
    }

    private static int tcpInfo(int descriptor, long offset) {
        MethodHandle getsockopt = find("getsockopt", ValueLayout.ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(TCP_INFO_BYTES, Long.BYTES);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, TCP_INFO_BYTES);
            int result = (int) getsockopt.invokeExact(descriptor, IPPROTO_TCP, TCP_INFO, info, length);
            assertEquals(0, result);
            return info.get(ValueLayout.JAVA_INT, offset);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The flags of a descriptor (fcntl(2), {@code F_GETFL}). */
    @SuppressWarnings("restricted") // Tests run with native access.
    public static int statusFlags(TcpSocket socket) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle fcntl = linker.downcallHandle(linker.defaultLookup().findOrThrow("fcntl"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        return (int) fcntl.invokeExact(socket.descriptor(), F_GETFL);
    }

    @SuppressWarnings("restricted") // Tests run with native access.
    private static MethodHandle find(String name, ValueLayout lengthType) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, lengthType));
    }
}
