package io.sluice.core.loop;

import java.nio.channels.SelectionKey;

/**
 * What one handler wants to be told of one channel or descriptor; operations are those of {@link SelectionKey}. What
 * is asked for takes effect when the loop waits the next time. Owned by one event loop.
 */
public abstract sealed class Registration permits EpollPoller.Entry, SelectorPoller.Entry {

    private final ReadyHandler handler;

    Registration(ReadyHandler handler) {
        this.handler = handler;
    }

    ReadyHandler handler() {
        return handler;
    }

    /** What is asked for. */
    public abstract int interestOps();

    /** Asks for this from now on; 0 for nothing. */
    public abstract void interestOps(int ops);

    /** What the present event tells of, of what is asked for at this moment. */
    abstract int readyOps();

    /** Whether the kernel has told of an error or of both directions' end; without native calls not known. */
    public boolean isBroken() {
        return false;
    }

    /**
     * Whether the peer of a socket is known to have ended its direction in good order, perhaps behind bytes that have
     * not been read yet; without native calls not known.
     */
    public boolean peerHasEnded() {
        return false;
    }

    /** Whether it has not been cancelled. */
    abstract boolean isValid();

    /** Nothing is told any more. To be called before the descriptor is closed, which its next owner might share. */
    public abstract void cancel();

    /** Likewise where the descriptor is closed at once, and nobody else has it: the kernel then forgets by itself. */
    public abstract void cancelForClose();
}
