package io.sluice.core.loop;

import io.sluice.core.linux.Epoll;
import io.sluice.core.linux.SocketCalls;
import io.sluice.core.linux.Sockets;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.function.Consumer;

/** Waits until a channel or descriptor of an event loop is ready. Owned by one event loop, but for {@link #wakeUp}. */
abstract sealed class Poller permits EpollPoller, SelectorPoller {

    private static final boolean NATIVE =
            Epoll.isAvailable() && Sockets.isAvailable() && SocketCalls.isAvailable();

    /** @param onReady called within {@link #poll} for each that is ready */
    static Poller open(Consumer<Registration> onReady) throws IOException {
        return NATIVE ? new EpollPoller(onReady) : new SelectorPoller(onReady);
    }

    /** Whether it can wait for descriptors, not only for channels. */
    static boolean isNative() {
        return NATIVE;
    }

    /** Adds a non-blocking channel. */
    abstract Registration register(SelectableChannel channel, int ops, ReadyHandler handler) throws IOException;

    /** Adds a non-blocking descriptor. @param source closed when the loop ends */
    abstract Registration register(int descriptor, int ops, ReadyHandler handler, Closeable source);

    /**
     * Waits, and reports what is ready.
     *
     * @param timeoutMs 0 for not at all, {@link Timers#NONE} for as long as it takes
     */
    abstract void poll(long timeoutMs) throws IOException;

    /** Ends the wait that the loop is in or begins next. Safe from any thread. */
    abstract void wakeUp();

    /** Closes all registered channels and descriptors, and itself. */
    abstract void close() throws IOException;
}
