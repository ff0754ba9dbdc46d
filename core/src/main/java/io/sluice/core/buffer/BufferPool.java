package io.sluice.core.buffer;

import io.sluice.core.loop.EventLoop;
import io.sluice.core.stats.Tally;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's direct buffers, all of one size and bounded in number. A connection takes a buffer when bytes arrive and
 * gives it back when they are written, mostly within one call. When none is free, readers queue ({@link #await}) and
 * read nothing meanwhile.
 *
 * <p>An eighth is a reserve for work under way: what begins new work, such as a client's next request, gets only spare
 * buffers. Otherwise clients that send ahead could hold all buffers, and no response to them could be read.
 *
 * <p>Peers that take nothing make buffers {@linkplain #areScarce scarce}: each holds one for as long as it likes, and
 * there may be more such peers than buffers.
 *
 * <p>Buffers are allocated as needed and kept. The one given back last is handed out first: it is still in the cache.
 *
 * <p>Owned by one event loop.
 */
public final class BufferPool {

    private static final Logger LOG = LoggerFactory.getLogger(BufferPool.class);
    private static final int BUFFERS_PER_RESERVED = 8;

    private enum Level { IN_USE, MOST }

    private final EventLoop loop;
    private final int bufferBytes;
    private final Tally<Level> levels = new Tally<>(Level.class);
    private final ByteBuffer[] free;
    private final ArrayDeque<BufferWaiter> waiting = new ArrayDeque<>();
    private final ArrayDeque<BufferWaiter> waitingForSpare = new ArrayDeque<>();
    private final Runnable handOut = this::handOut;
    private int freeCount;

    /**
     * @param bufferBytes size of each buffer
     * @param most        how many buffers there may be, at least 1
     */
    public BufferPool(EventLoop loop, int bufferBytes, int most) {
        this.loop = loop;
        this.bufferBytes = bufferBytes;
        levels.set(Level.MOST, most);
        free = new ByteBuffer[most];
    }

    /** A cleared buffer, or null if all are in use. */
    public ByteBuffer acquire() {
        assert loop.isOwner();
        if (freeCount > 0) {
            ByteBuffer buffer = free[--freeCount];
            free[freeCount] = null;
            levels.count(Level.IN_USE);
            return buffer.clear();
        }
        return inUse() < most() ? allocate() : null;
    }

    /** As {@link #acquire}, but null also if only the reserve is left. */
    public ByteBuffer acquireSpare() {
        return hasSpare() ? acquire() : null;
    }

    /** Whether more than the reserve is left. */
    public boolean hasSpare() {
        int most = most();
        int reserve = most == 1 ? 0 : Math.max(1, most / BUFFERS_PER_RESERVED);
        return inUse() < most - reserve;
    }

    private ByteBuffer allocate() {
        try {
            ByteBuffer buffer = ByteBuffer.allocateDirect(bufferBytes);
            levels.count(Level.IN_USE);
            return buffer;
        } catch (OutOfMemoryError e) {
            // The JVM's own bound (-XX:MaxDirectMemorySize) is below the configured one: it applies from now on.
            LOG.warn("buffers: the JVM gives no more than {} buffers of {} bytes to this worker", inUse(),
                    bufferBytes);
            levels.set(Level.MOST, Math.max(1, inUse()));
            return null;
        }
    }

    /** Gives a buffer back that {@link #acquire} has handed out. */
    public void release(ByteBuffer buffer) {
        assert loop.isOwner() && inUse() > 0;
        levels.add(Level.IN_USE, -1);
        free[freeCount++] = buffer;
        if (!waiting.isEmpty() || !waitingForSpare.isEmpty()) {
            // Deferred, as the caller is in the middle of its own work.
            loop.defer(handOut);
        }
    }

    /** Tells the waiter, in its turn, once a buffer has been given back. */
    public void await(BufferWaiter waiter) {
        assert loop.isOwner();
        waiting.add(waiter);
    }

    /** Tells the waiter, in its turn, once a buffer has been given back that nobody in {@link #await} needs. */
    public void awaitSpare(BufferWaiter waiter) {
        assert loop.isOwner();
        waitingForSpare.add(waiter);
    }

    /**
     * Whether about half are in use. Whoever reads should then first ask the sink whether it has room. Those that need
     * not ask, and whose sinks then take nothing, thus always leave a spare buffer, however few there are.
     */
    public boolean areScarce() {
        return inUse() >= (most() - 1) / 2;
    }

    /** Buffers that hold bytes in flight at this moment. Safe from any thread. */
    public int inUse() {
        return (int) levels.get(Level.IN_USE);
    }

    /** Buffers that there may be. Safe from any thread. */
    public int most() {
        return (int) levels.get(Level.MOST);
    }

    private void handOut() {
        while (!waiting.isEmpty() && freeCount > 0) {
            waiting.poll().onBuffer();
        }
        while (!waitingForSpare.isEmpty() && freeCount > 0 && hasSpare()) {
            waitingForSpare.poll().onBuffer();
        }
    }
}
