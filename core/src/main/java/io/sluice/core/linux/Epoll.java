package io.sluice.core.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Waits for descriptors to become ready: {@code epoll(7)}, level-triggered, and an {@code eventfd(2)} by which other
 * threads end the wait. Owned by one event loop, but for {@link #wakeUp}.
 */
public final class Epoll {

    /** There is something to read, or to accept. */
    public static final int IN = 1;
    /** There is room to write, or connecting has ended. */
    public static final int OUT = 4;
    /** Something has failed. Reported without being asked for. {@code EPOLLERR}. */
    public static final int FAILED = 0x8;
    /** Nothing can be read any more, nor written. Reported without being asked for. {@code EPOLLHUP}. */
    public static final int HUNG_UP = 0x10;
    /** The peer of a socket has ended its direction; there may be bytes to read before that. {@code EPOLLRDHUP}. */
    public static final int ENDED = 0x2000;

    private static final int EDGE_TRIGGERED = 1 << 31;
    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    private static final int CTL_MOD = 3;
    private static final int CLOEXEC = 0x80000;
    private static final int NONBLOCK = 0x800;
    private static final int MOST_EVENTS = 1024;
    /** {@code struct epoll_event} has no gap before its 64 bits on x86-64, and one on others. */
    private static final long DATA_OFFSET = System.getProperty("os.arch").equals("amd64") ? 4 : 8;
    private static final long EVENT_BYTES = DATA_OFFSET + Long.BYTES;
    private static final ValueLayout.OfLong DATA = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt EVENTS = ValueLayout.JAVA_INT_UNALIGNED;
    /** Marks the wake-up's events: the data of callers is never negative. */
    private static final long WAKE_UP = -1;

    private static final SystemCall CREATE = SystemCall.find("epoll_create1");
    private static final SystemCall CONTROL = SystemCall.findSilent("epoll_ctl");
    private static final SystemCall WAIT = SystemCall.find("epoll_wait");
    private static final SystemCall EVENTFD = SystemCall.find("eventfd");
    private static final SystemCall EVENTFD_WRITE = SystemCall.findSilent("eventfd_write");

    private final MemorySegment callState = SystemCall.newCallState();
    private final MemorySegment events = Arena.ofAuto().allocate(MOST_EVENTS * EVENT_BYTES, Long.BYTES);
    private final MemorySegment change = Arena.ofAuto().allocate(EVENT_BYTES, Long.BYTES);
    private final int descriptor;
    private final int wakeUp;
    private boolean closed;

    /** @throws IOException if this host lacks descriptors */
    public Epoll() throws IOException {
        descriptor = checked(CREATE.call(callState, CLOEXEC, 0));
        try {
            wakeUp = checked(EVENTFD.call(callState, 0, CLOEXEC | NONBLOCK));
        } catch (IOException e) {
            Descriptor.close(descriptor);
            throw e;
        }
        // Edge-triggered: each write ends a wait, and nobody has to read the counter.
        control(CTL_ADD, wakeUp, IN | EDGE_TRIGGERED, WAKE_UP);
    }

    /** Whether this process may make these calls. */
    public static boolean isAvailable() {
        return CREATE != null && CONTROL != null && WAIT != null && EVENTFD != null && EVENTFD_WRITE != null;
    }

    /** @param data not negative; comes back with each event */
    public void add(int added, int wanted, long data) throws IOException {
        control(CTL_ADD, added, wanted, data);
    }

    /** The same for a descriptor that was added. */
    public void change(int changed, int wanted, long data) throws IOException {
        control(CTL_MOD, changed, wanted, data);
    }

    public void remove(int removed) throws IOException {
        control(CTL_DEL, removed, 0, 0);
    }

    private void control(int operation, int changed, int wanted, long data) throws IOException {
        change.set(EVENTS, 0, wanted);
        change.set(DATA, DATA_OFFSET, data);
        if (invokeControl(operation, changed) < 0) {
            throw new IOException("epoll_ctl(2) refused descriptor " + changed
                    + ": no memory, or more than /proc/sys/fs/epoll/max_user_watches");
        }
    }

    /**
     * Waits.
     *
     * @param timeoutMs 0 for not at all, -1 for no limit
     * @return how many events there are; they hold until the next call
     */
    public int await(int timeoutMs) throws IOException {
        int count = invokeWait(timeoutMs);
        if (count < 0 && SystemCall.errorNumber(callState) == SystemCall.EINTR) {
            return 0;
        }
        return checked(count);
    }

    /** The events reported, of {@link #IN} to {@link #ENDED}. */
    public int events(int index) {
        return events.get(EVENTS, index * EVENT_BYTES);
    }

    /** The data of the descriptor concerned; negative if it was only a {@link #wakeUp}. */
    public long data(int index) {
        return events.get(DATA, index * EVENT_BYTES + DATA_OFFSET);
    }

    /** Ends the wait that the loop is in or begins next. Safe from any thread, also after {@link #close}. */
    public synchronized void wakeUp() {
        if (closed) {
            return;
        }
        int result = EVENTFD_WRITE.call(wakeUp, 1);
        assert result == 0;
    }

    /** Closes its own descriptors; those that were added stay open. */
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Descriptor.close(wakeUp);
            Descriptor.close(descriptor);
        }
    }

    // See package-info for the methods' names.

    private int invokeControl(int operation, int changed) {
        return CONTROL.call(descriptor, operation, changed, change.address());
    }

    private int invokeWait(int timeoutMs) {
        return WAIT.call(callState, descriptor, events.address(), MOST_EVENTS, timeoutMs);
    }

    private int checked(int result) throws IOException {
        if (result < 0) {
            throw new IOException(SystemCall.describe(SystemCall.errorNumber(callState)));
        }
        return result;
    }
}
