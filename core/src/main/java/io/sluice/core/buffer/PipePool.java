package io.sluice.core.buffer;

import io.sluice.core.linux.Pipe;
import io.sluice.core.linux.Splice;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.stats.Tally;
import java.util.ArrayDeque;

/**
 * One worker's pipes, bounded in number. As with buffers, a flow takes one when bytes arrive and gives it back when
 * they are gone. Nobody waits for a pipe: a flow that gets none copies.
 *
 * <p>Pipes are opened as needed and kept for reuse if they are empty: the bytes of a flow that was given up must not
 * reach another one.
 *
 * <p>Owned by one event loop.
 */
public final class PipePool {

    /**
     * Capacity of one pipe. The kernel counts it in pages; of a socket's bytes, whose pages may be larger, a pipe takes
     * more. With half of it, eight busy flows took 1.5 times the CPU time for a byte: both peers slept and were woken
     * four times as often. Twice as much saved nothing, and would halve the number of pipes that an unprivileged user
     * may have (pipe(7)).
     */
    static final int CAPACITY_BYTES = 512 * 1024;

    private enum Level { IN_USE }

    private final EventLoop loop;
    private final int most;
    private final Tally<Level> levels = new Tally<>(Level.class);
    private final ArrayDeque<Pipe> free = new ArrayDeque<>();
    private final Splice splice;

    /**
     * @param most how many pipes there may be; 0 for no zero-copy. There is none either without the system calls for it
     */
    public PipePool(EventLoop loop, int most) {
        this.loop = loop;
        this.most = Splice.isAvailable() ? most : 0;
        splice = this.most > 0 ? new Splice() : null;
    }

    /** An empty pipe, or null if all are in use or the kernel gives no more. */
    public Pipe acquire() {
        assert loop.isOwner();
        Pipe pipe = free.pollLast();
        if (pipe == null && inUse() < most) {
            pipe = splice.openPipe(CAPACITY_BYTES);
        }
        if (pipe != null) {
            levels.count(Level.IN_USE);
            loop.onBulk();
        }
        return pipe;
    }

    /** Gives a pipe of {@link #acquire} back. */
    public void release(Pipe pipe) {
        assert loop.isOwner() && inUse() > 0;
        levels.add(Level.IN_USE, -1);
        if (pipe.isEmpty()) {
            free.addLast(pipe);
        } else {
            pipe.close();
        }
    }

    /** Pipes in use at this moment: they hold bytes in flight. Safe from any thread. */
    public int inUse() {
        return (int) levels.get(Level.IN_USE);
    }

    /** Pipes that there may be. Safe from any thread. */
    public int most() {
        return most;
    }

    /** Pipes at this moment, in use or not. */
    public int open() {
        return inUse() + free.size();
    }

    /** Closes the pipes that are not in use, when the worker ends. */
    public void close() {
        for (Pipe pipe = free.pollLast(); pipe != null; pipe = free.pollLast()) {
            pipe.close();
        }
    }
}
