package io.sluice.l7.proxy;

import io.sluice.config.HttpPoolConfig.Retry;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.pool.Server;
import io.sluice.l7.http.BodyFraming;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.route.Route;
import java.nio.channels.SelectionKey;

/**
 * Takes an exchange through a pool: finds a server, passes the request to it and the response back, and retries where
 * that is safe.
 *
 * <pre>
 *   IDLE ── start ──▶ CONNECTING ── server ──▶ REQUESTING ── response head ──▶ RESPONDING ── response sent ──▶ IDLE
 *                         ▲                      │  │
 *                         └───── tried again ────┘  └── 101 ──▶ UPGRADED ── tunnel closed ──▶ IDLE
 *   RESPONDING ── body malformed before any of the response has left ──▶ REQUESTING
 *   any ── Sluice answers by itself, or the exchange is aborted ──▶ IDLE
 * </pre>
 *
 * <p>The request may still be under way in REQUESTING, and also in RESPONDING, since a server may answer early. In
 * UPGRADED, the 101 is passed on; then the exchange's tunnel uses the server's connection.
 *
 * <p>Owned by one event loop; used again for other exchanges.
 */
final class Forwarding {

    private enum State { IDLE, CONNECTING, REQUESTING, RESPONDING, UPGRADED }

    private final Exchange exchange;
    private final RequestTransfer request;
    private final ResponseTransfer response;
    private final Journal journal;
    private final EventLoop loop;
    private final HttpTimeouts timeouts;
    private final ServerLease lease;
    private final FailurePolicy failures;

    private State state = State.IDLE;
    private ClientConnection client;
    private Route route;
    private HttpPool pool;

    Forwarding(HttpService service, Exchange exchange, RequestTransfer request, ResponseTransfer response,
               Journal journal) {
        this.exchange = exchange;
        this.request = request;
        this.response = response;
        this.journal = journal;
        loop = service.worker().loop();
        timeouts = service.rules().timeouts();
        lease = new ServerLease(service.worker(), this, journal);
        failures = new FailurePolicy(request, response, lease, journal);
    }

    /** Begins to look for a server of the pool for the client's request. */
    void start(ClientConnection from, Route by, HttpPool to) {
        client = from;
        route = by;
        pool = to;
        journal.onPool(pool);
        failures.begin(pool);
        long hash = request.hashFor(pool);
        request.rewrite(route.rewrite());
        state = State.CONNECTING;
        lease.find(pool, request.clientFor(pool), client.identity().connectedTo(), request.head().fields(), hash,
                failures.survivesClosedConnection());
    }

    /** The pool that the request goes to, or null. */
    HttpPool pool() {
        return pool;
    }

    /** The server that was tried last, or null. */
    Server server() {
        return pool == null ? null : lease.server();
    }

    /** The server in use, or null. */
    Server connectedServer() {
        return lease.connection() == null ? null : lease.connection().server();
    }

    /** Whether the request would be sent to another server rather than to the one in use, if it came now. */
    boolean prefers(Server other) {
        return lease.prefers(other);
    }

    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    /** Whether the client is getting the server's response. */
    boolean isResponding() {
        return state == State.RESPONDING;
    }

    // ---- the client ----

    void onClientReadable() {
        onRequestStep(request.onReadable());
    }

    void onClientWritable() {
        onResponseStep(response.onWritable());
    }

    boolean isQueued() {
        return lease.isQueued();
    }

    /** The cause to log if the client has gone now. */
    Termination causeIfClientIsGone() {
        return switch (state) {
            case IDLE -> Termination.CLIENT_ABORT_REQUEST;
            case CONNECTING -> isQueued() ? Termination.CLIENT_ABORT_QUEUE : Termination.CLIENT_ABORT_CONNECT;
            case REQUESTING -> request.passesBody() ? Termination.CLIENT_ABORT_DATA : Termination.CLIENT_ABORT_RESPONSE;
            case RESPONDING, UPGRADED -> Termination.CLIENT_ABORT_DATA;
        };
    }

    /** The cause to log if Sluice stops now. */
    Termination causeIfStopped() {
        if (state == State.CONNECTING) {
            return isQueued() ? Termination.KILLED_QUEUE : Termination.KILLED_CONNECT;
        }
        return Termination.KILLED_DATA;
    }

    // ---- time ----

    private Awaited awaited() {
        return switch (state) {
            case REQUESTING -> {
                if (request.isBlocked()) {
                    yield Awaited.SERVER_TO_TAKE;
                }
                if (request.passesBody()) {
                    yield isContinueAwaited() ? Awaited.EITHER_TO_GO_ON : Awaited.CLIENT_TO_SEND;
                }
                yield response.isBlocked() ? Awaited.CLIENT_TO_TAKE : Awaited.SERVER_TO_ANSWER;
            }
            case RESPONDING -> response.isBlocked() ? Awaited.CLIENT_TO_TAKE : Awaited.SERVER_TO_SEND;
            case UPGRADED -> Awaited.CLIENT_TO_TAKE;
            case IDLE, CONNECTING -> Awaited.OTHERS;
        };
    }

    /** Whether the server has yet to say whether the client should send the body, which the client has not begun to. */
    private boolean isContinueAwaited() {
        return request.mayAwaitContinue() && !client.connection().awaitsBuffer() && !response.hasBegun();
    }

    /** Until when the present state may last if no bytes move. */
    long deadlineNs() {
        return switch (awaited()) {
            case CLIENT_TO_SEND, CLIENT_TO_TAKE -> client.connection().silentSinceNs() + timeouts.clientNs();
            case SERVER_TO_TAKE, SERVER_TO_SEND ->
                    lease.silentSinceNs() + route.serverNs().orElse(pool.serverNs());
            case SERVER_TO_ANSWER, EITHER_TO_GO_ON ->
                    unansweredSinceNs() + route.responseNs().orElse(pool.responseNs());
            // Another class keeps this time limit; the timer only has to look again.
            case OTHERS -> loop.nowNs() + timeouts.clientNs();
        };
    }

    /** Now, if the server has answered and there is no buffer to read that into. */
    private long unansweredSinceNs() {
        return lease.awaitsBuffer() ? loop.nowNs() : journal.sentAtNs();
    }

    /** As {@link io.sluice.core.net.Connection#noticeTaken}, of the server in use. */
    void noticeTaken() {
        if (lease.connection() != null) {
            lease.connection().connection().noticeTaken();
        }
    }

    void onTimeout() {
        switch (awaited()) {
            case CLIENT_TO_SEND -> exchange.answerError(408, Termination.CLIENT_TIMEOUT_DATA);
            case CLIENT_TO_TAKE -> exchange.abort(Termination.CLIENT_TIMEOUT_DATA);
            case SERVER_TO_TAKE, SERVER_TO_ANSWER ->
                    onServerFailure(504, Retry.On.STATUS_504, Termination.SERVER_TIMEOUT_RESPONSE);
            // Not held against the server: clients could have any server ejected.
            case EITHER_TO_GO_ON -> exchange.answerError(504, Termination.SERVER_TIMEOUT_RESPONSE);
            case SERVER_TO_SEND -> exchange.abort(Termination.SERVER_TIMEOUT_DATA);
            case OTHERS -> { }
        }
    }

    // ---- the server ----

    /** A connection to a server is ready for the request. */
    void onServer(ServerConnection server) {
        client.connection().endSilence();
        server.beginExchange(this);
        failures.onAttempt();
        journal.onSent();
        state = State.REQUESTING;
        response.await(server);
        onRequestStep(request.send(server, route.requestEdits()));
        if (state == State.REQUESTING) {
            request.readBody();
        }
    }

    /** No server could be found or connected. */
    void onNoServer(Termination cause) {
        exchange.answerError(failures.statusWithoutServer(cause), cause);
    }

    void onServerReady(ServerConnection server, int readyOps) {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            onRequestStep(request.onWritable());
        }
        // Writing may have led to a retry, whose server this event says nothing of.
        if ((readyOps & SelectionKey.OP_READ) != 0 && server == lease.connection()) {
            switch (state) {
                case REQUESTING -> readResponseHead();
                case RESPONDING -> onResponseStep(response.onReadable());
                case UPGRADED -> response.pause();
                case IDLE, CONNECTING -> { }
            }
        }
    }

    /** On a kept connection, the server closed or sent bytes before it got the request. */
    void onServerSpokeBefore() {
        onServerFailure(502, Retry.On.IDLE_CLOSED, Termination.SERVER_ABORT_RESPONSE);
    }

    void onBug(RuntimeException failure) {
        exchange.onBug(failure);
    }

    // ---- the request on its way ----

    private void onRequestStep(MessageFlow.Outcome outcome) {
        switch (outcome) {
            // The exchange may now wait for the other side, which has its own time limit.
            case GOES_ON -> client.onDeadlineMoved();
            case ENDED -> {
                request.onSent();
                if (state == State.REQUESTING) {
                    journal.onSent();
                    client.onDeadlineMoved();
                }
            }
            case REFUSED -> exchange.refuse(request.bodyError());
            case TRUNCATED, SOURCE_ABORTED -> exchange.abort(Termination.CLIENT_ABORT_DATA);
            case SINK_ABORTED -> onServerTakesNoMore();
        }
    }

    /** The server closed while the request was being sent. It may have answered before, so read its answer first. */
    private void onServerTakesNoMore() {
        if (lease.isReused() && !request.hasLeft()) {
            onServerSpokeBefore();
            return;
        }
        ServerConnection server = lease.connection();
        if (state == State.REQUESTING) {
            readResponseHead();
        }
        if (server != lease.connection()) {
            // Reading has ended the attempt, and perhaps another server has the request already.
            return;
        }
        if (state == State.REQUESTING) {
            onServerGone();
        } else if (state == State.RESPONDING && response.head().framing() == BodyFraming.UNTIL_CLOSE) {
            // The failed write has consumed the reset, so a read would see an orderly end, as if the body were whole.
            onServerBrokeOff(Termination.SERVER_ABORT_DATA);
        }
    }

    // ---- the response on its way ----

    private void readResponseHead() {
        switch (response.readHead()) {
            case INCOMPLETE -> client.onDeadlineMoved();
            case HEAD -> onResponseHead();
            case REFUSED -> onRefusedHead(failures.kindOfMalformedHead());
            case SERVER_GONE -> onServerGone();
            case CLIENT_GONE -> exchange.abort(Termination.CLIENT_ABORT_RESPONSE);
        }
    }

    private void onRefusedHead(Retry.On kind) {
        journal.onResponseRefused(response.head().error(), response, lease.server());
        onServerFailure(502, kind, Termination.PROXY_REFUSED_RESPONSE);
    }

    private void onResponseHead() {
        int status = response.head().status();
        journal.onResponseHead(status);
        if (response.head().framing() == BodyFraming.TUNNEL) {
            onUpgrade();
            return;
        }
        failures.onStatus(status);
        Retry.On kind = FailurePolicy.kindOf(status);
        if (failures.mayRetry(kind)) {
            retry(kind);
            return;
        }
        state = State.RESPONDING;
        journal.onStatus(status);
        onResponseStep(response.pass(route.responseEdits(), lease.setCookie()));
    }

    private void onResponseStep(MessageFlow.Outcome outcome) {
        switch (outcome) {
            case GOES_ON -> {
                if (response.isBlocked()) {
                    client.onDeadlineMoved();
                } else {
                    onUnblocked();
                }
            }
            case ENDED -> {
                failures.onWhole(response.head().status());
                lease.release(isServerForOthers());
                exchange.onResponseEnd();
            }
            case REFUSED -> onMalformedBody();
            case TRUNCATED, SOURCE_ABORTED -> onServerBrokeOff(Termination.SERVER_ABORT_DATA);
            case SINK_ABORTED -> exchange.abort(Termination.CLIENT_ABORT_DATA);
        }
    }

    /** Whether the server's connection, whose response is whole, can carry the requests of other clients. */
    private boolean isServerForOthers() {
        // Bytes behind the response answer no request, so the connection cannot be trusted any more.
        return !response.dropRest() && !request.isUnderWay() && response.head().isPersistent()
                && !request.isUpgradeWithBody() && !ConnectionAuthentication.isIn(request.head().fields());
    }

    private void onMalformedBody() {
        journal.onResponseRefused(response.bodyError(), response, lease.server());
        if (response.hasLeft()) {
            onServerBrokeOff(Termination.PROXY_REFUSED_DATA);
        } else {
            response.withdraw();
            state = State.REQUESTING;
            onServerFailure(502, Retry.On.STATUS_502, Termination.PROXY_REFUSED_RESPONSE);
        }
    }

    /** The client has taken all that was written. */
    private void onUnblocked() {
        switch (state) {
            // The interim response has left; the bytes behind it may have been read already.
            case REQUESTING -> readResponseHead();
            case RESPONDING -> client.onDeadlineMoved();
            case UPGRADED -> exchange.startTunnel(lease.connection().connection(), timeouts.tunnel(route));
            case IDLE, CONNECTING -> { }
        }
    }

    private void onUpgrade() {
        if (!request.head().isUpgradeWanted() || request.isUnderWay()) {
            response.head().refuseStatus(HttpError.UNEXPECTED_UPGRADE);
            onRefusedHead(null);
            return;
        }
        state = State.UPGRADED;
        failures.onWhole(response.head().status());
        journal.onStatus(response.head().status());
        onResponseStep(response.passUpgrade(route.responseEdits(), lease.setCookie()));
    }

    // ---- what goes wrong ----

    private void onServerGone() {
        onServerFailure(502, failures.kindOfClose(), Termination.SERVER_ABORT_RESPONSE);
    }

    /** The server failed before any of the final response went to the client: retry, or answer with this status. */
    private void onServerFailure(int status, Retry.On kind, Termination cause) {
        boolean isRetried = failures.mayRetry(kind);
        if (kind != Retry.On.IDLE_CLOSED) {
            failures.onServerFault();
        }
        // A closed kept connection is not held against the server, but is counted if the client suffers from it.
        if (kind != Retry.On.IDLE_CLOSED || !isRetried) {
            journal.onServerFault(cause);
        }
        if (isRetried) {
            retry(kind);
        } else {
            exchange.answerError(status, cause);
        }
    }

    /** The server failed while its response was on its way to the client: only a reset can tell the client. */
    private void onServerBrokeOff(Termination cause) {
        failures.onServerFault();
        exchange.abort(cause);
    }

    private void retry(Retry.On kind) {
        request.stop();
        response.stop();
        journal.onRetry();
        state = State.CONNECTING;
        if (kind == Retry.On.IDLE_CLOSED) {
            lease.findFresh();
        } else {
            lease.findAnother();
        }
    }

    // ---- the end ----

    /** Gives up the server, or the search for one. */
    void stop() {
        state = State.IDLE;
        lease.abort();
    }

    /** After {@link #stop}: forgets the request, so that another exchange can begin. */
    void end() {
        client = null;
        route = null;
        pool = null;
    }
}
