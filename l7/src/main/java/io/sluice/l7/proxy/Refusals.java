package io.sluice.l7.proxy;

import io.sluice.l7.http.HttpError;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often one worker has refused requests and responses, by reason, from the start of the process on. Written by the
 * worker's event loop alone; read by anyone.
 */
public final class Refusals {

    private final AtomicLongArray counts = new AtomicLongArray(HttpError.values().length);

    /** The count of a moment ago. Safe from any thread. */
    public long get(HttpError reason) {
        return counts.getOpaque(reason.ordinal());
    }

    void count(HttpError reason) {
        int cell = reason.ordinal();
        counts.setOpaque(cell, counts.getPlain(cell) + 1);
    }
}
