package io.sluice.l7.proxy;

import io.sluice.l7.http.HttpError;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often one worker has refused requests and responses, by reason, from the start of the process on, and which were
 * the last. Written by the worker's event loop alone; read by anyone.
 */
public final class Refusals {

    private final AtomicLongArray counts = new AtomicLongArray(HttpError.values().length);
    private final RefusedMessages last = new RefusedMessages();

    /** The count of a moment ago. Safe from any thread. */
    public long get(HttpError reason) {
        return counts.getOpaque(reason.ordinal());
    }

    /** The messages that were refused last, in no particular order. Safe from any thread. */
    public List<RefusedMessage> lastMessages() {
        return last.kept();
    }

    /** Where the last messages are kept. */
    RefusedMessages last() {
        return last;
    }

    void count(HttpError reason) {
        int cell = reason.ordinal();
        counts.setOpaque(cell, counts.getPlain(cell) + 1);
    }
}
