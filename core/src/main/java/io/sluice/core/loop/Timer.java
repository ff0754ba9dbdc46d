package io.sluice.core.loop;

/**
 * A deadline and its handler. Made once and scheduled again as often as needed, so that waiting allocates nothing.
 * Owned by one event loop.
 */
public final class Timer {

    static final int NOT_SCHEDULED = -1;

    private final TimerHandler handler;
    long deadlineNs;
    int heapIndex = NOT_SCHEDULED;

    public Timer(TimerHandler handler) {
        this.handler = handler;
    }

    public boolean isScheduled() {
        return heapIndex != NOT_SCHEDULED;
    }

    void expire(long nowNs) {
        handler.onTimer(nowNs);
    }
}
