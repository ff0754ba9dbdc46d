package io.sluice.core.loop;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/** Waits with an NIO selector, on hosts without native calls. Owned by one event loop, but for {@link #wakeUp}. */
final class SelectorPoller extends Poller {

    private final Selector selector = Selector.open();

    private final Consumer<SelectionKey> onKey;

    SelectorPoller(Consumer<Registration> onReady) throws IOException {
        onKey = key -> onReady.accept((Entry) key.attachment());
    }

    @Override
    Registration register(SelectableChannel channel, int ops, ReadyHandler handler) throws IOException {
        Entry entry = new Entry(channel.register(selector, ops), handler);
        entry.key.attach(entry);
        return entry;
    }

    @Override
    Registration register(int descriptor, int ops, ReadyHandler handler, Closeable source) {
        throw new AssertionError("without native calls there are only channels");
    }

    @Override
    void poll(long timeoutMs) throws IOException {
        if (timeoutMs == 0) {
            selector.selectNow(onKey);
        } else {
            // A selector takes 0 for no limit.
            selector.select(onKey, timeoutMs == Timers.NONE ? 0 : timeoutMs);
        }
    }

    @Override
    void wakeUp() {
        selector.wakeup();
    }

    @Override
    void close() throws IOException {
        if (selector.isOpen()) {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            // Channels closed before are freed only now.
            selector.close();
        }
    }

    /** One channel. */
    static final class Entry extends Registration {

        private final SelectionKey key;

        private Entry(SelectionKey key, ReadyHandler handler) {
            super(handler);
            this.key = key;
        }

        @Override
        public void interestOps(int ops) {
            key.interestOps(ops);
        }

        @Override
        int readyOps() {
            return key.readyOps() & key.interestOps();
        }

        @Override
        boolean isValid() {
            return key.isValid();
        }

        @Override
        public void cancel() {
            key.cancel();
        }

        @Override
        public void cancelForClose() {
            // NIO cancels a channel's keys when the channel is closed.
        }
    }
}
