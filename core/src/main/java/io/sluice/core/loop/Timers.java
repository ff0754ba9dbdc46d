package io.sluice.core.loop;

import java.util.Arrays;

/**
 * The timers of one event loop: a binary heap by deadline in which every timer knows its place, so that scheduling and
 * cancelling cost O(log n) and allocate nothing, and the loop can sleep until exactly the next deadline.
 *
 * <p>A wheel (Agrona's, for one) makes scheduling O(1) but has to be advanced tick by tick and does not know its next
 * deadline: an idle loop would wake for nothing. Scheduling is rare here, as silence limits are checked lazily: a
 * connection moves its timer when the timer fires, not when bytes move.
 *
 * <p>Owned by one event loop.
 */
public final class Timers {

    /** What {@link #nextDeadlineNs} returns if nothing is scheduled. */
    static final long NONE = Long.MAX_VALUE;

    private Timer[] heap = new Timer[64];
    private int size;

    /** Schedules the timer, or moves it if it is scheduled already. Deadlines are of {@link System#nanoTime}. */
    public void schedule(Timer timer, long deadlineNs) {
        long previousNs = timer.deadlineNs;
        timer.deadlineNs = deadlineNs;
        if (!timer.isScheduled()) {
            add(timer);
        } else if (deadlineNs - previousNs < 0) {
            siftUp(timer.heapIndex);
        } else {
            siftDown(timer.heapIndex);
        }
    }

    /**
     * Schedules the timer unless it is scheduled for that time or an earlier one already. For deadlines that the
     * handler checks again when the timer fires: a later deadline then costs nothing.
     */
    public void scheduleNoLater(Timer timer, long deadlineNs) {
        if (!timer.isScheduled() || deadlineNs - timer.deadlineNs < 0) {
            schedule(timer, deadlineNs);
        }
    }

    /** Takes the timer out; nothing happens if it is not scheduled. */
    public void cancel(Timer timer) {
        int index = timer.heapIndex;
        if (index == Timer.NOT_SCHEDULED) {
            return;
        }
        timer.heapIndex = Timer.NOT_SCHEDULED;
        Timer last = heap[--size];
        heap[size] = null;
        if (last != timer) {
            place(last, index);
            siftUp(index);
            siftDown(last.heapIndex);
        }
    }

    /**
     * Expires the timers whose deadline has passed, earliest first; no more than are scheduled now, so that one that
     * schedules itself into the past does not keep the loop here.
     */
    void expire(long nowNs) {
        for (int left = size; left > 0 && size > 0 && heap[0].deadlineNs - nowNs <= 0; left--) {
            Timer timer = heap[0];
            cancel(timer);
            timer.expire(nowNs);
        }
    }

    /** The earliest deadline, or {@link #NONE}. */
    long nextDeadlineNs() {
        return size == 0 ? NONE : heap[0].deadlineNs;
    }

    public int size() {
        return size;
    }

    private void add(Timer timer) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        place(timer, size++);
        siftUp(timer.heapIndex);
    }

    private void siftUp(int start) {
        Timer timer = heap[start];
        int index = start;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (heap[parent].deadlineNs - timer.deadlineNs <= 0) {
                break;
            }
            place(heap[parent], index);
            index = parent;
        }
        place(timer, index);
    }

    private void siftDown(int start) {
        Timer timer = heap[start];
        int index = start;
        for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
            if (child + 1 < size && heap[child + 1].deadlineNs - heap[child].deadlineNs < 0) {
                child++;
            }
            if (timer.deadlineNs - heap[child].deadlineNs <= 0) {
                break;
            }
            place(heap[child], index);
            index = child;
        }
        place(timer, index);
    }

    private void place(Timer timer, int index) {
        heap[index] = timer;
        timer.heapIndex = index;
    }
}
