package io.sluice.l7.proxy;

import io.sluice.core.log.Termination;
import io.sluice.l7.http.HttpMethod;
import io.sluice.l7.http.RequestParser;

/** Requests that Sluice answers by itself, whatever the routes say. Immutable. */
public enum Unrouted {

    CONNECT(405, "Sluice makes no tunnels for CONNECT.", Termination.PROXY_DENIED),
    /** An answer as TRACE wants it would show the client what Sluice forwards. */
    LAST_TRACE(405, "Max-Forwards is 0, and Sluice does not answer TRACE.", Termination.LOCAL),
    LAST_OPTIONS(200, "Max-Forwards is 0, so Sluice answers OPTIONS.", Termination.LOCAL);

    private final int status;
    private final String sentence;
    private final Termination cause;

    Unrouted(int status, String sentence, Termination cause) {
        this.status = status;
        this.sentence = sentence;
        this.cause = cause;
    }

    /** What becomes of the request with this whole head; null if that is for the routes to say. */
    public static Unrouted of(RequestParser head) {
        if (head.method() == HttpMethod.CONNECT) {
            return CONNECT;
        }
        if (HopCount.of(head) > 0) {
            return null;
        }
        return head.method() == HttpMethod.TRACE ? LAST_TRACE : LAST_OPTIONS;
    }

    public int status() {
        return status;
    }

    /** The reason, for people. */
    public String sentence() {
        return sentence;
    }

    Termination cause() {
        return cause;
    }
}
