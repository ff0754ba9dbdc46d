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

    /** What the descriptor is taken to be ready for, of what was asked for. */
    abstract int readyOps();

    /**
     * A call has shown that a descriptor is not ready for an operation: it is told of that again when the kernel is.
     * Whoever registers a descriptor has to say so, or is told in every cycle. Of channels the poller knows by itself.
     *
     * @param op      of {@link SelectionKey}: to read or to write
     * @param forSure whether the call has done nothing at all, instead of less than was asked for
     */
    public void onUnready(int op, boolean forSure) { }

    /** Whether the kernel has told of an error or of both directions' end; of channels not known. */
    public boolean isBroken() {
        return false;
    }

    /**
     * Whether the peer of a socket is known to have ended its direction in good order, perhaps behind bytes that have
     * not been read yet; of channels not known.
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
