package io.sluice.core.loop;

import io.sluice.core.linux.Descriptor;
import io.sluice.core.linux.Epoll;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Waits with {@code epoll(7)}. An event carries its entry's descriptor and a number that no other entry has: the
 * descriptor may have been closed and reused for another socket by the time that the event is handled.
 *
 * <p>Owned by one event loop, but for {@link #wakeUp}.
 */
final class EpollPoller extends Poller {

    private static final int FIRST_ENTRIES = 64;
    private static final int IN_OPS = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
    private static final int OUT_OPS = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

    private final Consumer<Registration> onReady;
    private final Epoll epoll = new Epoll();
    /** Indexed by descriptor. */
    private Entry[] entries = new Entry[FIRST_ENTRIES];
    /** Entries whose interest has changed since the kernel was told. */
    private final ArrayList<Entry> changed = new ArrayList<>();
    private int lastNumber;

    EpollPoller(Consumer<Registration> onReady) throws IOException {
        this.onReady = onReady;
    }

    @Override
    Registration register(SelectableChannel channel, int ops, ReadyHandler handler) {
        return register(Descriptor.of(channel), ops, handler, channel);
    }

    @Override
    Registration register(int descriptor, int ops, ReadyHandler handler, Closeable source) {
        if (descriptor >= entries.length) {
            entries = Arrays.copyOf(entries, Math.max(2 * entries.length, descriptor + 1));
        }
        assert entries[descriptor] == null : "closed without having been cancelled";
        lastNumber = lastNumber + 1 & Integer.MAX_VALUE;
        Entry entry = new Entry(descriptor, lastNumber, handler, source);
        entries[descriptor] = entry;
        entry.interestOps(ops);
        return entry;
    }

    @Override
    void poll(long timeoutMs) throws IOException {
        int count = epoll.await(applyChanges() ? toInt(timeoutMs) : 0);
        for (int i = 0; i < count; i++) {
            long data = epoll.data(i);
            Entry entry = data < 0 ? null : entries[(int) data];
            if (entry != null && entry.data == data) {
                entry.events = epoll.events(i);
                onReady.accept(entry);
            }
        }
    }

    private static int toInt(long timeoutMs) {
        return timeoutMs == Timers.NONE ? -1 : (int) Math.min(timeoutMs, Integer.MAX_VALUE);
    }

    /**
     * Tells the kernel of changed interests. If it refuses one, most likely for want of memory, only that entry's
     * handler fails, as it would get no more events.
     *
     * @return whether the kernel has taken all; if not, handlers may have made work for the loop
     */
    private boolean applyChanges() {
        boolean taken = true;
        for (int i = 0; i < changed.size(); i++) {
            Entry entry = changed.get(i);
            try {
                entry.apply();
            } catch (IOException e) {
                taken = false;
                entry.handler().onFailure(new UncheckedIOException("a socket cannot be waited for", e));
            }
        }
        changed.clear();
        return taken;
    }

    @Override
    void wakeUp() {
        epoll.wakeUp();
    }

    @Override
    void close() throws IOException {
        for (Entry entry : entries) {
            if (entry != null) {
                entry.cancelForClose();
                entry.source.close();
            }
        }
        epoll.close();
    }

    /** One descriptor. */
    final class Entry extends Registration {

        private final int descriptor;
        /** What its events carry: the number in the upper half, the descriptor in the lower one. */
        private final long data;
        private final Closeable source;
        private int interestOps;
        /** The events that the kernel has reported last. */
        private int events;
        /** The events that the kernel was asked for; 0 if the descriptor is not in the epoll set. */
        private int known;
        private boolean isChanged;
        private boolean cancelled;

        private Entry(int descriptor, int number, ReadyHandler handler, Closeable source) {
            super(handler);
            this.descriptor = descriptor;
            data = (long) number << Integer.SIZE | descriptor;
            this.source = source;
        }

        @Override
        public void interestOps(int ops) {
            assert !cancelled;
            interestOps = ops;
            if (!isChanged) {
                isChanged = true;
                changed.add(this);
            }
        }

        /**
         * Removes an entry without interest, because the kernel would report a broken socket again and again
         * (epoll_ctl(2)).
         */
        private void apply() throws IOException {
            isChanged = false;
            int wanted = wantedEvents();
            if (cancelled || wanted == known) {
                return;
            }
            if (wanted == 0) {
                epoll.remove(descriptor);
            } else if (known == 0) {
                epoll.add(descriptor, wanted, data);
            } else {
                epoll.change(descriptor, wanted, data);
            }
            known = wanted;
        }

        private int wantedEvents() {
            return ((interestOps & IN_OPS) != 0 ? Epoll.IN | Epoll.ENDED : 0)
                    | ((interestOps & OUT_OPS) != 0 ? Epoll.OUT : 0);
        }

        /** A broken socket is ready for all that is asked for: the next call on it shows the error. */
        @Override
        int readyOps() {
            if (isBroken()) {
                return interestOps;
            }
            int ops = (events & Epoll.IN) != 0 ? IN_OPS : 0;
            return interestOps & ((events & Epoll.OUT) != 0 ? ops | OUT_OPS : ops);
        }

        @Override
        public boolean isBroken() {
            return (events & (Epoll.FAILED | Epoll.HUNG_UP)) != 0;
        }

        /** On a reset the kernel reports the end, too, but together with an error. */
        @Override
        public boolean peerHasEnded() {
            return (events & (Epoll.FAILED | Epoll.ENDED)) == Epoll.ENDED;
        }

        @Override
        boolean isValid() {
            return !cancelled;
        }

        @Override
        public void cancel() {
            if (!cancelled && known != 0) {
                try {
                    epoll.remove(descriptor);
                } catch (IOException e) {
                    throw new UncheckedIOException("a registered descriptor is not the kernel's", e);
                }
            }
            cancelForClose();
        }

        @Override
        public void cancelForClose() {
            if (!cancelled) {
                cancelled = true;
                entries[descriptor] = null;
            }
        }
    }
}
