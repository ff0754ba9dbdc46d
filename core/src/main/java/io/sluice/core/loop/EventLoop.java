package io.sluice.core.loop;

import io.sluice.core.linux.SocketCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread's duty cycle: do what the mailbox holds, wait until a channel is ready or a timer is due, tell the
 * handlers, expire timers, do what was deferred. It sleeps in the selector whenever there is nothing to do.
 *
 * <p>All methods but {@link #index}, {@link #mailbox} and {@link #stop} belong to the loop's thread.
 */
public final class EventLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    private final int index;
    private final Selector selector;
    private final LongSupplier nanoClock;
    private final Timers timers = new Timers();
    private final Mailbox mailbox;
    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
    private final Consumer<SelectionKey> onReady = this::onReady;
    /** Ready in this cycle, but behind those that come first. */
    private final ArrayList<SelectionKey> ready = new ArrayList<>();
    private final SocketCalls socketCalls = new SocketCalls();
    private long nowNs;
    /** In the selector, until the first handler is called: time passes, and a post has to wake the loop. */
    private boolean selecting;
    private Thread thread;
    private volatile boolean stopped;

    public EventLoop() {
        this(0);
    }

    /** @param index a small number that no other of a group of loops has */
    public EventLoop(int index) {
        this(index, System::nanoTime);
    }

    /** @param nanoClock stands in for {@link System#nanoTime}, for tests that drive the loop by hand */
    public EventLoop(LongSupplier nanoClock) {
        this(0, nanoClock);
    }

    private EventLoop(int index, LongSupplier nanoClock) {
        this.index = index;
        this.nanoClock = nanoClock;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector could be opened", e);
        }
        mailbox = new Mailbox(selector::wakeup);
        nowNs = nanoClock.getAsLong();
    }

    /** A small number, from 0, that tells this loop from the others of its group. Safe from any thread. */
    public int index() {
        return index;
    }

    /** Where other threads leave work. Safe from any thread. */
    public Mailbox mailbox() {
        return mailbox;
    }

    public Timers timers() {
        return timers;
    }

    /** How this loop's sockets are read and written. */
    public SocketCalls socketCalls() {
        return socketCalls;
    }

    /** The time at which this cycle's events came in, of {@link System#nanoTime}: no system call, same for all. */
    public long nowNs() {
        return nowNs;
    }

    /** Whether the caller runs on the loop's thread, or no thread runs the loop yet. For assertions. */
    public boolean isOwner() {
        return thread == null || thread == Thread.currentThread();
    }

    /** Has the loop do this at the end of the present cycle: for work that must not run inside the caller's call. */
    public void defer(Runnable work) {
        assert isOwner();
        deferred.add(work);
    }

    /** Registers a non-blocking channel; the handler becomes the key's attachment. */
    public SelectionKey register(SelectableChannel channel, int interestOps, ReadyHandler handler) throws IOException {
        assert isOwner();
        return channel.register(selector, interestOps, handler);
    }

    /** Ends {@link #run} after the cycle it is in. Safe from any thread. */
    public void stop() {
        stopped = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            while (!stopped) {
                runOnce();
            }
            // What was posted before the stop is still done; closing the selector then frees closed channels.
            workOffMailbox();
            closeChannels();
            selector.close();
        } catch (IOException e) {
            // Not to be survived: whoever watches over threads must know that this one is gone.
            throw new UncheckedIOException("the selector failed", e);
        }
    }

    /** Those that are left belong to no session: connections that are kept for later use. */
    private void closeChannels() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
    }

    /** One cycle; sleeps until something is ready, due or posted. */
    public void runOnce() throws IOException {
        workOffMailbox();
        long timeoutMs = timeoutMs();
        selecting = true;
        if (timeoutMs != 0 && mailbox.trySleep()) {
            // 0 would be "now" below, but "for ever" to the selector.
            selector.select(onReady, timeoutMs == Timers.NONE ? 0 : timeoutMs);
        } else {
            selector.selectNow(onReady);
        }
        awake();
        dispatchReady();
        expireTimers();
        workOffDeferred();
    }

    /**
     * Milliseconds until the next timer, rounded up so that the loop does not wake too early; 0 if one is due or work
     * is deferred.
     */
    private long timeoutMs() {
        if (!deferred.isEmpty()) {
            return 0;
        }
        long deadlineNs = timers.nextDeadlineNs();
        if (deadlineNs == Timers.NONE) {
            return Timers.NONE;
        }
        long remainingNs = deadlineNs - nanoClock.getAsLong();
        return remainingNs <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(remainingNs + 999_999);
    }

    private void workOffMailbox() {
        for (Runnable work = mailbox.poll(); work != null; work = mailbox.poll()) {
            runSafely(work);
        }
    }

    private void expireTimers() {
        try {
            timers.expire(nowNs);
        } catch (RuntimeException e) {
            // The timers behind this one are still due: the next cycle does not sleep and expires them.
            LOG.error("a timer's handler failed", e);
        }
    }

    private void workOffDeferred() {
        for (int remaining = deferred.size(); remaining > 0; remaining--) {
            runSafely(deferred.poll());
        }
    }

    private void awake() {
        if (selecting) {
            selecting = false;
            mailbox.awake();
            nowNs = nanoClock.getAsLong();
        }
    }

    private static void runSafely(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("work posted to an event loop failed", e);
        }
    }

    private void onReady(SelectionKey key) {
        awake();
        if (((ReadyHandler) key.attachment()).comesFirst()) {
            dispatch(key);
        } else {
            ready.add(key);
        }
    }

    private void dispatchReady() {
        for (int i = 0; i < ready.size(); i++) {
            dispatch(ready.get(i));
        }
        ready.clear();
    }

    private static void dispatch(SelectionKey key) {
        // A handler called earlier in this cycle may have closed this channel.
        if (!key.isValid()) {
            return;
        }
        // Or it has withdrawn the wish for what the selector told of: who wants nothing may have no room for it.
        int readyOps = key.readyOps() & key.interestOps();
        if (readyOps == 0) {
            return;
        }
        ReadyHandler handler = (ReadyHandler) key.attachment();
        try {
            handler.onReady(readyOps);
        } catch (RuntimeException e) {
            handler.onFailure(e);
        }
    }
}
