package io.sluice.l7.proxy;

import io.sluice.l7.http.HttpError;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often one worker has refused requests and responses, by reason, from the start of the process on, and which
 * requests were the last. Written by the worker's event loop alone; read by anyone.
 */
public final class Refusals {

    private final AtomicLongArray counts = new AtomicLongArray(HttpError.values().length);
    private final RefusedRequests lastRequests = new RefusedRequests();

    /** The count of a moment ago. Safe from any thread. */
    public long get(HttpError reason) {
        return counts.getOpaque(reason.ordinal());
    }

    /** The requests that were refused last, in no particular order. Safe from any thread. */
    public List<RefusedRequest> lastRequests() {
        return lastRequests.kept();
    }

    /** Keeps a request that is refused, unless there are too many of them. */
    void keep(HttpService service, ClientConnection client, HttpError reason, RequestTransfer request) {
        if (lastRequests.wantsOne(service.worker().loop().nowNs())) {
            lastRequests.add(service.listener().name(), client.identity().address(), reason, request);
        }
    }

    void count(HttpError reason) {
        int cell = reason.ordinal();
        counts.setOpaque(cell, counts.getPlain(cell) + 1);
    }
}
