package io.sluice.l7.proxy;

import io.sluice.config.HttpPoolConfig.Retry;
import io.sluice.core.log.Termination;
import io.sluice.l7.http.BodyFraming;

/**
 * Decides about an exchange's failures: which count against the server, whether the request may be sent again, and
 * which status the client gets if not. Owned by one event loop; used again for other exchanges.
 */
final class FailurePolicy {

    private static final int FIRST_SERVER_ERROR = 500;

    private final RequestTransfer request;
    private final ResponseTransfer response;
    private final ServerLease lease;
    private final Journal journal;
    private HttpPool pool;
    /** Whether the present attempt has already counted against its server. */
    private boolean counted;

    FailurePolicy(RequestTransfer request, ResponseTransfer response, ServerLease lease, Journal journal) {
        this.request = request;
        this.response = response;
        this.lease = lease;
        this.journal = journal;
    }

    /** Begins with a request to this pool. */
    void begin(HttpPool to) {
        pool = to;
        pool.retryBudget().onRequest();
    }

    // ---- what counts against the server ----

    /** A new attempt: the request is sent to a server. */
    void onAttempt() {
        counted = false;
    }

    /** The server has begun a response of this status, which may still break off. */
    void onStatus(int status) {
        if (status >= FIRST_SERVER_ERROR) {
            onServerFault();
        }
    }

    /** The server's response of this status has ended properly. */
    void onWhole(int status) {
        if (status < FIRST_SERVER_ERROR) {
            pool.passiveChecks().exchangeSucceeded(lease.connection().server());
        }
    }

    /** The server has not answered properly, which counts once for each attempt. */
    void onServerFault() {
        if (counted) {
            return;
        }
        counted = true;
        pool.passiveChecks().exchangeFailed(lease.connection().server());
    }

    // ---- trying again ----

    /** Whether the request may be sent again if the server turns out to have closed a kept connection. */
    boolean survivesClosedConnection() {
        return isRepeatable() && pool.config().http().retry().on().contains(Retry.On.IDLE_CLOSED)
                && pool.config().http().retry().attempts() > 0;
    }

    /** Whether the request may be sent twice: it has no body and an idempotent method. */
    private boolean isRepeatable() {
        return request.head().framing() == BodyFraming.NONE
                && (request.head().method().isIdempotent() || !pool.config().http().retry().onlyIdempotent());
    }

    /** Whether to retry after a failure of this kind, null for kinds never retried. Takes from the retry budget. */
    boolean mayRetry(Retry.On kind) {
        Retry config = pool.config().http().retry();
        if (kind == null || !config.on().contains(kind) || journal.retries() >= config.attempts() || !isRepeatable()
                || response.isBlocked()) {
            return false;
        }
        // A closed kept connection says nothing about the server, so it takes neither a server nor the budget.
        return kind == Retry.On.IDLE_CLOSED || lease.excludeServer() && pool.retryBudget().tryRetry();
    }

    /** A response of this status has come. */
    static Retry.On kindOf(int status) {
        return switch (status) {
            case 502 -> Retry.On.STATUS_502;
            case 503 -> Retry.On.STATUS_503;
            case 504 -> Retry.On.STATUS_504;
            default -> null;
        };
    }

    /** The server has closed the connection instead of answering. */
    Retry.On kindOfClose() {
        return lease.isReused() && !response.hasBegun() ? Retry.On.IDLE_CLOSED : Retry.On.STATUS_502;
    }

    /** The head of the response is malformed. */
    Retry.On kindOfMalformedHead() {
        // On a kept connection, the server may have sent these bytes before it got the request.
        return lease.isReused() ? Retry.On.IDLE_CLOSED : Retry.On.STATUS_502;
    }

    // ---- what the client is told ----

    /** The status if no server could be had. */
    int statusWithoutServer(Termination cause) {
        return switch (cause) {
            case SERVER_TIMEOUT_CONNECT -> 504;
            case SERVER_REFUSED -> lease.server() == null ? 503 : 502;
            default -> 503;
        };
    }
}
