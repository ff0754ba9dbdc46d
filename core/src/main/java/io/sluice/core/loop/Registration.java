package io.sluice.core.loop;

import java.nio.channels.SelectionKey;

/**
 * One handler's interest in one channel or descriptor, in operations of {@link SelectionKey}. A change takes effect
 * when the loop waits the next time. Owned by one event loop.
 */
public abstract sealed class Registration permits EpollPoller.Entry, SelectorPoller.Entry {

    private final ReadyHandler handler;

    Registration(ReadyHandler handler) {
        this.handler = handler;
    }

    ReadyHandler handler() {
        return handler;
    }

    /** Asks for these operations from now on; 0 for none. */
    public abstract void interestOps(int ops);

    /** The operations that the present event reports, as far as they are asked for at this moment. */
    abstract int readyOps();

    /** Whether the kernel has reported an error or the end of both directions; always false without native calls. */
    public boolean isBroken() {
        return false;
    }

    /**
     * Whether the kernel has reported that the peer ended its direction in good order, perhaps behind bytes that have
     * not been read yet; always false without native calls.
     */
    public boolean peerHasEnded() {
        return false;
    }

    /** Whether it has not been cancelled. */
    abstract boolean isValid();

    /** Ends all events. To be called before the descriptor is closed. */
    public abstract void cancel();

    /**
     * The same without a system call, if the descriptor is closed right after and no other process shares the socket:
     * the kernel then drops it from the epoll set by itself (epoll(7)).
     */
    public abstract void cancelForClose();
}
