package io.sluice.core.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports this process's state to the service manager by sd_notify(3): datagrams to the Unix socket that the manager
 * has named in the environment, which NIO cannot send. Does nothing without a service manager. Safe from any thread.
 */
public final class SystemdNotify {

    /** The variable of the environment that names the socket: a path, or an abstract name behind an {@code @}. */
    public static final String SOCKET_VARIABLE = "NOTIFY_SOCKET";

    private static final short AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    /** A manager that does not read must not hold up its callers: {@code MSG_DONTWAIT | MSG_NOSIGNAL}. */
    private static final int FLAGS = 0x40 | 0x4000;
    /** Important messages are retried for a second while the manager's queue is full. */
    private static final int MOST_TRIES = 100;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** unix(7): the size of {@code sun_path}. */
    private static final int LONGEST_NAME_BYTES = 108;

    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotify.class);
    private static final SystemCall SENDTO = SystemCall.find("sendto");

    private final byte[] name;

    /** @param socket the value of {@link #SOCKET_VARIABLE}; null or empty if there is no service manager */
    public SystemdNotify(String socket) {
        name = socket == null || socket.isEmpty() || !isAvailable()
                ? null : socket.getBytes(StandardCharsets.UTF_8);
        if (name != null && name.length >= LONGEST_NAME_BYTES) {
            throw new IllegalArgumentException(SOCKET_VARIABLE + " is longer than the name of a socket may be");
        }
    }

    private static boolean isAvailable() {
        return SENDTO != null && Sockets.isAvailable();
    }

    /** Whether there is a service manager to report to. */
    public boolean isListenedTo() {
        return name != null;
    }

    /** All is up, or a reload is over. */
    public void ready() {
        send("READY=1\nSTATUS=serving");
    }

    /** A reload has begun, which {@link #ready} ends. */
    public void reloading() {
        // The JVM's nanoTime is CLOCK_MONOTONIC on Linux, which is what the manager compares with.
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000 + "\nSTATUS=reloading");
    }

    /** The process has been asked to end and does so. */
    public void stopping() {
        send("STOPPING=1\nSTATUS=draining");
    }

    /** Another process, of the same service, is the one to be watched and stopped from now on. */
    public void mainProcess(long id) {
        send("MAINPID=" + id);
    }

    /** The process works. To be called more often than the manager's watchdog interval. */
    public void watchdog() {
        // No retry, as the next one follows soon.
        send("WATCHDOG=1", 1);
    }

    private void send(String message) {
        send(message, MOST_TRIES);
    }

    private void send(String message, int mostTries) {
        if (!isListenedTo()) {
            return;
        }
        try {
            int error = sendOnce(message);
            for (int tries = 1; error == SystemCall.EAGAIN && tries < mostTries; tries++) {
                LockSupport.parkNanos(PAUSE_NS);
                error = sendOnce(message);
            }
            if (error != 0) {
                throw new IOException(SystemCall.describe(error));
            }
        } catch (IOException e) {
            LOG.warn("the service manager was not told \"{}\": {}", message.replace('\n', ' '), e.getMessage());
        }
    }

    /** Sends one datagram. Returns 0 or an error number. */
    private int sendOnce(String message) throws IOException {
        int descriptor = Sockets.open(AF_UNIX, SOCK_DGRAM);
        MemorySegment callState = SystemCall.newCallState();
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
            MemorySegment address = address(arena);
            int sent = SENDTO.call(callState, descriptor, bytes.address(), text.length, FLAGS, address.address(),
                    address.byteSize());
            return sent < 0 ? SystemCall.errorNumber(callState) : 0;
        } finally {
            Descriptor.close(descriptor);
        }
    }

    /** A {@code sockaddr_un}: an abstract name begins with a zero and is as long as the address says. */
    private MemorySegment address(Arena arena) {
        boolean isAbstract = name[0] == '@';
        MemorySegment address = arena.allocate(Short.BYTES + name.length + (isAbstract ? 0 : 1), Short.BYTES);
        address.set(ValueLayout.JAVA_SHORT, 0, AF_UNIX);
        MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, name.length);
        if (isAbstract) {
            address.set(ValueLayout.JAVA_BYTE, Short.BYTES, (byte) 0);
        }
        return address;
    }
}
