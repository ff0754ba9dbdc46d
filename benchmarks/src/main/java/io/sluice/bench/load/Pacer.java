package io.sluice.bench.load;

import io.sluice.core.loop.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Calls the clients of one thread, in the open loop, when requests are due. The loop sleeps in whole milliseconds, so
 * this lets it sleep until shortly before the next request and then spin, so that requests leave on time. Spinning
 * takes the whole core: a load generator needs cores of its own.
 *
 * <p>Owned by one event loop.
 */
final class Pacer implements Runnable {

    /** One millisecond, and the time to wake up. */
    private static final long AWAKE_BEFORE_NS = TimeUnit.MICROSECONDS.toNanos(1200);

    private final LoadThread thread;
    private final Schedule schedule;
    private final List<RequestClient> clients;
    private final int firstClient;
    private final int clientStep;
    private final long turnStep;
    private final Timer wakeUp = new Timer(nowNs -> run());
    private int cursor;
    private long turnStart;

    /** @param index the thread's number; clients are assigned to threads in turn, and requests to clients */
    Pacer(LoadThread thread, Schedule schedule, List<RequestClient> clients, int index, Pace pace) {
        this.thread = thread;
        this.schedule = schedule;
        this.clients = clients;
        firstClient = index;
        clientStep = pace.threads();
        turnStep = pace.connections();
    }

    /** Calls the clients whose requests are due, and schedules the next call. */
    @Override
    public void run() {
        long nowNs = thread.nowNs();
        while (isNextLeft() && schedule.dueNs(sequence()) <= nowNs) {
            clients.get(cursor).onDue(nowNs);
            advance();
        }
        if (!isNextLeft()) {
            return;
        }
        long nextNs = schedule.dueNs(sequence());
        if (nextNs - nowNs > AWAKE_BEFORE_NS) {
            thread.loop().timers().schedule(wakeUp, thread.toLoopNs(nextNs - AWAKE_BEFORE_NS));
        } else {
            thread.loop().defer(this);
        }
    }

    private boolean isNextLeft() {
        return sequence() < schedule.end();
    }

    private long sequence() {
        return turnStart + firstClient + (long) cursor * clientStep;
    }

    private void advance() {
        cursor++;
        if (cursor == clients.size()) {
            cursor = 0;
            turnStart += turnStep;
        }
    }
}
