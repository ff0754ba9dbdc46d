package io.sluice.core.loop;

import io.sluice.core.linux.Epoll;
import io.sluice.core.linux.Sockets;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.function.Consumer;

/** What an event loop waits in. Owned by one event loop, but for {@link #wakeUp}. */
abstract sealed class Poller permits EpollPoller, SelectorPoller {

    private static final boolean NATIVE = Epoll.isAvailable() && Sockets.isAvailable();

    /** @param onReady is told of what is ready, within {@link #poll} */
    static Poller open(Consumer<Registration> onReady) throws IOException {
        return NATIVE ? new EpollPoller(onReady) : new SelectorPoller(onReady);
    }

    /** Whether descriptors can be waited for, too. */
    static boolean isNative() {
        return NATIVE;
    }

    /** Waits for a non-blocking channel. */
    abstract Registration register(SelectableChannel channel, int ops, ReadyHandler handler) throws IOException;

    /** Waits for a non-blocking descriptor. @param source closed when the loop ends */
    abstract Registration register(int descriptor, int ops, ReadyHandler handler, Closeable source);

    /**
     * Waits, and tells of what is ready.
     *
     * @param timeoutMs 0 for not at all, {@link Timers#NONE} for as long as it takes
     */
    abstract void poll(long timeoutMs) throws IOException;

    /** Ends the wait that the loop is in or begins next. Safe from any thread. */
    abstract void wakeUp();

    /** Closes all that is registered, and itself. */
    abstract void close() throws IOException;
}
