package io.sluice.core.loop;

import io.sluice.config.BusyPollConfig;
import io.sluice.core.linux.SocketCalls;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread's duty cycle: run the mailbox's work, wait until a channel is ready or a timer is due, call the handlers,
 * expire timers, run deferred work. It sleeps whenever there is nothing to do, unless it is to busy-poll.
 *
 * <p>All methods but {@link #index}, {@link #mailbox}, {@link #busyPolledNs} and {@link #stop} belong to the loop's
 * thread.
 */
public final class EventLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

    private final int index;
    private final Poller poller;
    private final LongSupplier nanoClock;
    private final boolean keepsKernelTime;
    private final BusyPoll busyPoll;
    private final Timers timers = new Timers();
    private final Mailbox mailbox;
    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
    /** Ready in this cycle, to be handled after those that come first. */
    private final ArrayList<Registration> ready = new ArrayList<>();
    private final SocketCalls socketCalls = new SocketCalls();
    private long nowNs;
    /** True from before the wait until the first event: the loop's time is stale, and a post has to wake the loop. */
    private boolean waiting;
    private Thread thread;
    private volatile boolean stopped;

    public EventLoop() {
        this(0, BusyPollConfig.OFF);
    }

    /**
     * @param index    a small number, unique within a group of loops
     * @param busyPoll whether to go on asking for events before sleeping
     */
    public EventLoop(int index, BusyPollConfig busyPoll) {
        this(index, busyPoll, System::nanoTime, true);
    }

    /**
     * For tests that drive the loop by hand.
     *
     * @param nanoClock       stands in for {@link System#nanoTime}
     * @param keepsKernelTime as {@link #keepsKernelTime}
     */
    EventLoop(BusyPollConfig busyPoll, LongSupplier nanoClock, boolean keepsKernelTime) {
        this(0, busyPoll, nanoClock, keepsKernelTime);
    }

    private EventLoop(int index, BusyPollConfig busyPoll, LongSupplier nanoClock, boolean keepsKernelTime) {
        this.index = index;
        this.nanoClock = nanoClock;
        this.keepsKernelTime = keepsKernelTime;
        this.busyPoll = new BusyPoll(busyPoll, nanoClock);
        try {
            poller = Poller.open(this::onReady);
        } catch (IOException e) {
            throw new UncheckedIOException("this host lacks what an event loop waits in", e);
        }
        mailbox = new Mailbox(poller::wakeUp);
        nowNs = nanoClock.getAsLong();
    }

    /** A small number, from 0, that tells this loop from the others of its group. Safe from any thread. */
    public int index() {
        return index;
    }

    /** The queue in which other threads leave work. Safe from any thread. */
    public Mailbox mailbox() {
        return mailbox;
    }

    public Timers timers() {
        return timers;
    }

    /** The system calls by which this loop's sockets are read and written. */
    public SocketCalls socketCalls() {
        return socketCalls;
    }

    /**
     * When this cycle's events came in, of {@link System#nanoTime}. Costs no system call, and is the same for all
     * handlers.
     */
    public long nowNs() {
        return nowNs;
    }

    /** Whether {@link #nowNs} passes as fast as the kernel's time: not if a test moves it. */
    public boolean keepsKernelTime() {
        return keepsKernelTime;
    }

    /**
     * Nanoseconds in which the loop has asked for events in vain instead of sleeping. They are CPU time that is not
     * needed. Safe from any thread.
     */
    public long busyPolledNs() {
        return busyPoll.spentNs();
    }

    /** What is done in this cycle is bulk: nobody waits for a single answer, and more at once costs less. */
    public void onBulk() {
        assert isOwner();
        busyPoll.onBulk();
    }

    /** Whether the caller runs on the loop's thread, or no thread runs the loop yet. For assertions. */
    public boolean isOwner() {
        return thread == null || thread == Thread.currentThread();
    }

    /** Runs this work at the end of the present cycle: for work that must not run inside the caller's call. */
    public void defer(Runnable work) {
        assert isOwner();
        deferred.add(work);
    }

    /** Has the handler called when a non-blocking channel is ready. */
    public Registration register(SelectableChannel channel, int interestOps, ReadyHandler handler) throws IOException {
        assert isOwner();
        return poller.register(channel, interestOps, handler);
    }

    /** The same for a non-blocking descriptor. @param source closed when the loop ends */
    public Registration register(int descriptor, int interestOps, ReadyHandler handler, Closeable source) {
        assert isOwner();
        return poller.register(descriptor, interestOps, handler, source);
    }

    /** Whether loops can wait for descriptors, not only for channels. */
    public static boolean isNative() {
        return Poller.isNative();
    }

    /** Ends {@link #run} after the cycle it is in. Safe from any thread. */
    public void stop() {
        stopped = true;
        poller.wakeUp();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            while (!stopped) {
                runOnce();
            }
            // Work posted before the stop is still done. Sockets registered after that belong to no session: they are
            // idle connections kept for reuse.
            workOffMailbox();
            poller.close();
        } catch (IOException e) {
            // The loop cannot go on: the thread must end, so that whoever watches the threads learns of it.
            throw new UncheckedIOException("waiting failed", e);
        }
    }

    /** One cycle; sleeps until something is ready, due or posted, but not while it busy-polls. */
    void runOnce() throws IOException {
        workOffMailbox();
        long timeoutMs = timeoutMs();
        waiting = true;
        boolean sleeps = timeoutMs != 0 && !busyPoll.goesOn() && mailbox.trySleep();
        poller.poll(sleeps ? timeoutMs : 0);
        boolean hadEvents = !waiting;
        awake();
        dispatchReady();
        expireTimers();
        workOffDeferred();
        if (hadEvents) {
            busyPoll.restart(nowNs);
        }
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
        if (waiting) {
            waiting = false;
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

    private void onReady(Registration registration) {
        awake();
        if (registration.handler().comesFirst()) {
            dispatch(registration);
        } else {
            ready.add(registration);
        }
    }

    private void dispatchReady() {
        for (int i = 0; i < ready.size(); i++) {
            dispatch(ready.get(i));
        }
        ready.clear();
    }

    private static void dispatch(Registration registration) {
        // A handler called earlier in this cycle may have closed this socket.
        if (!registration.isValid()) {
            return;
        }
        // Or it may have withdrawn the interest in these operations, for example because there is no buffer for them.
        int readyOps = registration.readyOps();
        if (readyOps == 0) {
            return;
        }
        ReadyHandler handler = registration.handler();
        try {
            handler.onReady(readyOps);
        } catch (RuntimeException e) {
            handler.onFailure(e);
        }
    }
}
