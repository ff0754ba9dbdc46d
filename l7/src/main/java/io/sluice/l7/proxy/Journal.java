package io.sluice.l7.proxy;

import io.sluice.core.log.LogRing;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.l7.http.HttpError;

/** What there will be to tell of an exchange: when what happened, and how it ended. Owned by one event loop. */
final class Journal {

    /** The time to a point that was not reached. */
    static final long NEVER = -1;

    private final EventLoop loop;
    private long startMs;
    private long startNs;
    private long headNs;
    private long sentAtNs;
    private long responseNs;
    private long queueNs;
    private long connectNs;
    private int status;
    private int retries;
    private HttpError refusal;
    private Termination termination;

    Journal(EventLoop loop) {
        this.loop = loop;
    }

    /** The first byte of a request has come. */
    void begin() {
        startMs = System.currentTimeMillis();
        startNs = loop.nowNs();
        headNs = NEVER;
        sentAtNs = NEVER;
        responseNs = NEVER;
        queueNs = NEVER;
        connectNs = NEVER;
        status = 0;
        retries = 0;
        refusal = null;
        termination = null;
    }

    /** The request's head is whole, or refused. */
    void onHead() {
        headNs = loop.nowNs() - startNs;
    }

    /** A server was found, or none: after that time in the queue and for connecting, with that many retries. */
    void onServer(long inQueueNs, long connectingNs, int connectRetries) {
        queueNs = inQueueNs;
        connectNs = connectingNs;
        retries += connectRetries;
    }

    /** The request was sent to the server, all that there is of it by now. */
    void onSent() {
        sentAtNs = loop.nowNs();
    }

    long sentAtNs() {
        return sentAtNs;
    }

    /** The head of the response has come. */
    void onResponseHead() {
        responseNs = loop.nowNs() - sentAtNs;
    }

    /** The client is sent a response of this status. */
    void onStatus(int sent) {
        status = sent;
    }

    void onRetry() {
        retries++;
    }

    int retries() {
        return retries;
    }

    void onRefusal(HttpError reason) {
        refusal = reason;
    }

    boolean isRefused() {
        return refusal != null;
    }

    /** How it ends, unless that is known already. */
    void onTermination(Termination cause) {
        if (termination == null) {
            termination = cause;
        }
    }

    /** A record with all of this, to be completed and published; null if the log takes no more. */
    AccessRecord claim(LogRing<AccessRecord> log) {
        AccessRecord access = log.claim();
        if (access != null) {
            access.startMs = startMs;
            access.status = status;
            access.headNs = headNs;
            access.queueNs = queueNs;
            access.connectNs = connectNs;
            access.responseNs = responseNs;
            access.totalNs = loop.nowNs() - startNs;
            access.retries = retries;
            access.termination = termination;
            access.refusal = refusal;
        }
        return access;
    }
}
