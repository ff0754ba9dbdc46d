package io.sluice.core.loop;

import io.sluice.core.linux.Epoll;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.Consumer;
import sun.nio.ch.SelChImpl;

/**
 * Waits by {@code epoll(7)}. An event finds its entry by the descriptor, and by a number that no other entry has: a
 * descriptor may have been closed and be another socket's by the time that the event is looked at.
 *
 * <p>Of channels the kernel tells as long as they are ready. Of descriptors it tells once, when they become so, and
 * their owner says when they have proved to be so no more ({@link Registration#onUnready}); as long as it has not, they
 * are taken for ready in every cycle. So both look alike to handlers, but the kernel does not have to look at each
 * descriptor a second time after it has told of it, nor to be asked whenever wishes change.
 *
 * <p>Owned by one event loop, but for {@link #wakeUp}.
 */
final class EpollPoller extends Poller {

    private static final int FIRST_ENTRIES = 64;
    private static final int IN_OPS = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;
    private static final int OUT_OPS = SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;

    private final Consumer<Registration> onReady;
    private final Epoll epoll = new Epoll();
    /** By descriptor. */
    private Entry[] entries = new Entry[FIRST_ENTRIES];
    /** To be looked at before the loop waits: what is wanted of them has changed, or they may be ready still. */
    private final ArrayList<Entry> touched = new ArrayList<>();
    /** To be told in this cycle. */
    private final ArrayList<Entry> due = new ArrayList<>();
    private int lastNumber;

    EpollPoller(Consumer<Registration> onReady) throws IOException {
        this.onReady = onReady;
    }

    @Override
    Registration register(SelectableChannel channel, int ops, ReadyHandler handler) {
        return add(new LevelEntry(((SelChImpl) channel).getFDVal(), handler, channel), ops);
    }

    @Override
    Registration register(int descriptor, int ops, ReadyHandler handler, Closeable source) {
        return add(new EdgeEntry(descriptor, handler, source), ops);
    }

    private Entry add(Entry entry, int ops) {
        int descriptor = entry.descriptor;
        if (descriptor >= entries.length) {
            entries = Arrays.copyOf(entries, Math.max(2 * entries.length, descriptor + 1));
        }
        assert entries[descriptor] == null : "closed without having been cancelled";
        entries[descriptor] = entry;
        entry.interestOps(ops);
        return entry;
    }

    @Override
    void poll(long timeoutMs) throws IOException {
        boolean taken = settleTouched();
        int count = epoll.await(taken && due.isEmpty() ? toInt(timeoutMs) : 0);
        for (int i = 0; i < count; i++) {
            long data = epoll.data(i);
            Entry entry = data < 0 ? null : entries[(int) data];
            if (entry != null && entry.number == (int) (data >>> Integer.SIZE)) {
                entry.onEvents(epoll.events(i));
                entry.becomeDueIfReady();
            }
        }
        for (int i = 0; i < due.size(); i++) {
            Entry entry = due.get(i);
            entry.isDue = false;
            if (!entry.cancelled) {
                entry.touch();
                onReady.accept(entry);
            }
        }
        due.clear();
    }

    private static int toInt(long timeoutMs) {
        return timeoutMs == Timers.NONE ? -1 : (int) Math.min(timeoutMs, Integer.MAX_VALUE);
    }

    /**
     * What the kernel refuses, most likely for want of memory, is the matter of that one handler, which would not be
     * told of anything any more.
     *
     * @return whether the kernel has taken all; if not, handlers may have made work for the loop
     */
    private boolean settleTouched() {
        boolean taken = true;
        for (int i = 0; i < touched.size(); i++) {
            Entry entry = touched.get(i);
            entry.isTouched = false;
            try {
                if (!entry.cancelled) {
                    entry.settle();
                }
            } catch (IOException e) {
                taken = false;
                entry.handler().onFailure(new UncheckedIOException("a socket cannot be waited for", e));
            }
        }
        touched.clear();
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
    abstract sealed class Entry extends Registration {

        private final int descriptor;
        private final int number;
        private final Closeable source;
        private int interestOps;
        private boolean isTouched;
        private boolean isDue;
        private boolean cancelled;
        /** Events that the kernel watches for; 0 if it does not know the descriptor. */
        private int watched;
        /** What is taken to be true of what the kernel has told. */
        int events;

        private Entry(int descriptor, ReadyHandler handler, Closeable source) {
            super(handler);
            lastNumber = lastNumber + 1 & Integer.MAX_VALUE;
            this.descriptor = descriptor;
            this.number = lastNumber;
            this.source = source;
        }

        /** The kernel has told of these. */
        abstract void onEvents(int events);

        /** Has the kernel know what is wanted, and becomes due if it is ready for that already. */
        abstract void settle() throws IOException;

        @Override
        public int interestOps() {
            return interestOps;
        }

        @Override
        public void interestOps(int ops) {
            assert !cancelled;
            interestOps = ops;
            touch();
        }

        void touch() {
            if (!isTouched) {
                isTouched = true;
                touched.add(this);
            }
        }

        void becomeDueIfReady() {
            if (!isDue && readyOps() != 0) {
                isDue = true;
                due.add(this);
            }
        }

        /** Who is watched for nothing is taken out, or it would be told of what is broken again and again. */
        void watch(int events) throws IOException {
            if (events == watched) {
                return;
            }
            long data = (long) number << Integer.SIZE | descriptor;
            if (events == 0) {
                epoll.remove(descriptor);
            } else if (watched == 0) {
                epoll.add(descriptor, events, data);
            } else {
                epoll.change(descriptor, events, data);
            }
            watched = events;
        }

        /** Of a broken socket whoever asks for anything is told: using it shows what has happened. */
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

        /** A reset looks like an end, too. */
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
            if (!cancelled && watched != 0) {
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

    /** Of which the kernel tells as long as it is ready. */
    private final class LevelEntry extends Entry {

        LevelEntry(int descriptor, ReadyHandler handler, Closeable source) {
            super(descriptor, handler, source);
        }

        @Override
        void onEvents(int told) {
            events = told;
        }

        @Override
        void settle() throws IOException {
            watch(((interestOps() & IN_OPS) != 0 ? Epoll.IN : 0) | ((interestOps() & OUT_OPS) != 0 ? Epoll.OUT : 0));
        }
    }

    /** Of which the kernel tells when it becomes ready. */
    private final class EdgeEntry extends Entry {

        private static final int WATCHED =
                Epoll.IN | Epoll.URGENT | Epoll.OUT | Epoll.ENDED | Epoll.EDGE_TRIGGERED;

        EdgeEntry(int descriptor, ReadyHandler handler, Closeable source) {
            super(descriptor, handler, source);
        }

        @Override
        void onEvents(int told) {
            events |= told;
        }

        @Override
        void settle() throws IOException {
            watch(WATCHED);
            becomeDueIfReady();
        }

        /** Behind a short read there may be the end, or what comes after an urgent byte (tcp(7)): nobody tells again. */
        @Override
        public void onUnready(int op, boolean forSure) {
            if (op == SelectionKey.OP_WRITE) {
                events &= ~Epoll.OUT;
            } else if (forSure || (events & (Epoll.ENDED | Epoll.URGENT)) == 0) {
                events &= ~Epoll.IN;
            }
        }
    }
}
