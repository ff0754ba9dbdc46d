package io.sluice.l7.proxy;

import io.sluice.core.limit.RateLimit;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.Connection;
import io.sluice.core.pool.Server;
import io.sluice.core.relay.RelayOwner;
import io.sluice.core.relay.SilenceLimits;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.proxy.ClientConnection.Fate;
import io.sluice.l7.route.RequestLimit;
import io.sluice.l7.route.Route;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response, as the client sees them: finds the route, then either forwards the request to a pool
 * ({@link Forwarding}) or answers it itself, and writes the log record. An upgrade makes a {@link Tunnel} of it.
 *
 * <pre>
 *   FREE ── first byte ──▶ HEAD ── route leads to a pool ──▶ FORWARDING ── response sent ──▶ FREE
 *                           │                                    ├── 101 sent ──▶ TUNNEL ── closed ──▶ FREE
 *                           └──── answer of Sluice's own ────────┴──▶ ANSWERING ── sent ──▶ FREE
 *   any ── client gone, response broken, killed ──▶ FREE
 * </pre>
 *
 * <p>{@link RequestTransfer} and {@link ResponseTransfer} read and write the messages.
 *
 * <p>Owned by one event loop; used again for other requests.
 */
final class Exchange implements RelayOwner {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    /** What TCP sends to any client without waiting for it: ten segments (RFC 6928), of a small size. */
    private static final int MOST_BYTES_OF_FIRST_FLIGHT = 10 * 1024;

    private enum State { FREE, HEAD, FORWARDING, ANSWERING, TUNNEL }

    private final HttpService service;
    private final EventLoop loop;
    private final HttpTimeouts timeouts;
    private final Journal journal;
    private final RequestTransfer request;
    private final ResponseTransfer response;
    private final Forwarding forwarding;

    private State state = State.FREE;
    private ClientConnection client;
    /** Null before an upgrade. */
    private Tunnel tunnel;

    Exchange(HttpService service) {
        this.service = service;
        loop = service.worker().loop();
        timeouts = service.rules().timeouts();
        journal = new Journal(service);
        request = new RequestTransfer(service);
        response = new ResponseTransfer(service, request);
        forwarding = new Forwarding(service, this, request, response, journal);
    }

    // ---- the request's head ----

    void onFirstByte(ClientConnection from) {
        assert state == State.FREE;
        client = from;
        state = State.HEAD;
        request.begin(client);
        response.begin(client);
        journal.begin(client.identity());
    }

    /** Parses the next bytes of the head. */
    Outcome parseHead(ByteBuffer bytes) {
        return request.head().parse(bytes);
    }

    /** The head is whole. */
    void onHead() {
        journal.onHead();
        HttpError fault = request.onHead();
        journal.onClient(request.namedClient());
        if (fault != null) {
            refuse(fault);
        } else {
            route();
        }
    }

    /** The head breaks the protocol or a limit. */
    void onHeadRefused() {
        journal.onHeadRefused();
        refuse(request.head().error());
    }

    /** The head did not arrive in time. */
    void onHeadTimeout() {
        answerError(408, Termination.CLIENT_TIMEOUT_REQUEST);
    }

    /** The client has half-closed or reset the connection in the middle of the head: there is nothing to answer. */
    void onHeadCut() {
        end(Termination.CLIENT_ABORT_REQUEST, Fate.CLOSES);
    }

    private void route() {
        Route route = request.route();
        Unrouted unrouted = Unrouted.of(request.head());
        journal.onRoute(route);
        if (unrouted != null) {
            answer(Answer.of(unrouted, JsonWanted.by(request.head().fields())));
        } else if (route == null) {
            journal.onNoRoute();
            answerError(404, Termination.PROXY_DENIED);
        } else {
            RequestLimit limit = service.rateLimit(route);
            if (limit == null || isAdmitted(limit)) {
                follow(route);
            }
        }
    }

    /** Whether the request may come now; otherwise it is answered. */
    private boolean isAdmitted(RequestLimit limit) {
        long waitNs = request.take(limit);
        if (waitNs == RateLimit.PASSES) {
            return true;
        }
        if (waitNs == RateLimit.PASSES_UNCOUNTED) {
            journal.onUncounted();
            return true;
        }
        boolean isRefused = !limit.config().dryRun();
        journal.onTooSoon(isRefused);
        if (isRefused) {
            answer(Answer.tooSoon(waitNs, JsonWanted.by(request.head().fields()), service.writer()));
        }
        return !isRefused;
    }

    private void follow(Route route) {
        HttpError fault = request.limitBody(route);
        if (fault != null) {
            refuse(fault);
            return;
        }
        switch (route.action()) {
            case Route.ToPool to -> forward(route, to.pool());
            case Route.Split split -> forward(route, request.poolOf(split));
            case Route.Redirect redirect -> redirect(route, redirect);
            case Route.Respond respond -> answer(Answer.of(route, respond));
        }
    }

    private void redirect(Route route, Route.Redirect redirect) {
        if (redirect.needsHost() && request.head().hostLength() == 0) {
            answerError(400, Termination.PROXY_DENIED);
        } else {
            answer(request.redirect(route, redirect));
        }
    }

    private void forward(Route route, String pool) {
        state = State.FORWARDING;
        forwarding.start(client, route, service.pool(pool));
    }

    // ---- events of the client's connection ----

    /** Whether the client's bytes are the request's body, which is being passed on to the server. */
    boolean passesBody() {
        return request.passesBody();
    }

    /** More of the body can be read. */
    void onClientReadable() {
        forwarding.onClientReadable();
    }

    void onClientWritable() {
        switch (state) {
            case FORWARDING -> forwarding.onClientWritable();
            case ANSWERING -> onAnswerStep(response.onWritable());
            case FREE, HEAD, TUNNEL -> { }
        }
    }

    /** Whether bytes may be read ahead: of a body that has no server yet, or of the next request. */
    boolean allowsReadAhead() {
        return forwarding.isConnecting() || !request.isUnderWay();
    }

    /** The client has half-closed the connection. It may still wait for a response, but not in a pool's queue. */
    void onClientEnded() {
        if (forwarding.isQueued()) {
            abort(Termination.CLIENT_ABORT_QUEUE);
        }
    }

    /** The client has reset its connection. */
    void onClientAborted() {
        abort(forwarding.causeIfClientIsGone());
    }

    /** The server in use, or null. */
    Server connectedServer() {
        return forwarding.connectedServer();
    }

    /** Whether the request would be sent to another server rather than to its own, if it came now. */
    boolean prefers(Server other) {
        return forwarding.prefers(other);
    }

    /** The name of the pool that the request goes to, or null. */
    String pool() {
        HttpPool pool = forwarding.pool();
        return pool == null ? null : pool.config().name();
    }

    /** Until when the present state may last if no bytes move. */
    long deadlineNs() {
        return switch (state) {
            case FORWARDING -> forwarding.deadlineNs();
            case ANSWERING -> client.connection().silentSinceNs() + timeouts.clientNs();
            case FREE, HEAD, TUNNEL -> loop.nowNs() + timeouts.clientNs();
        };
    }

    /** As {@link io.sluice.core.net.Connection#noticeTaken}, of both sides. */
    void noticeTaken() {
        client.connection().noticeTaken();
        forwarding.noticeTaken();
    }

    void onTimeout() {
        switch (state) {
            case FORWARDING -> forwarding.onTimeout();
            case ANSWERING -> abort(Termination.CLIENT_TIMEOUT_DATA);
            case FREE, HEAD, TUNNEL -> { }
        }
    }

    // ---- answers of Sluice's own ----

    /** The client has broken the protocol or a limit. */
    void refuse(HttpError fault) {
        journal.onRequestRefused(fault, request);
        if (forwarding.isResponding()) {
            abort(Termination.PROXY_DENIED);
        } else {
            answerError(fault.status(), Termination.PROXY_DENIED);
        }
    }

    void answerError(int status, Termination cause) {
        HttpPool pool = forwarding.pool();
        boolean json = JsonWanted.by(request.head().fields());
        answer(Answer.error(status, pool == null ? ErrorPages.BUILT_IN : pool.errorPages(), json, cause));
    }

    private void answer(Answer answer) {
        state = State.ANSWERING;
        forwarding.stop();
        request.dropBody();
        request.stop();
        journal.onStatus(answer.status());
        journal.onTermination(answer.cause());
        MessageFlow.Outcome outcome = response.answer(answer);
        if (outcome == MessageFlow.Outcome.GOES_ON) {
            client.onDeadlineMoved();
        }
        onAnswerStep(outcome);
    }

    private void onAnswerStep(MessageFlow.Outcome outcome) {
        switch (outcome) {
            case GOES_ON -> { }
            case ENDED -> onResponseEnd();
            case SINK_ABORTED -> abort(Termination.CLIENT_ABORT_DATA);
            case REFUSED, TRUNCATED, SOURCE_ABORTED -> throw new AssertionError(outcome);
        }
    }

    // ---- the tunnel ----

    /** The client has been sent the 101: from now on, its bytes and the server's are no longer HTTP. */
    void startTunnel(Connection server, SilenceLimits limits) {
        state = State.TUNNEL;
        tunnel = new Tunnel(loop, service.worker().vessels(), client.connection(), server, limits, this);
        tunnel.start(client.onTunnel(), response.takeBehindHead());
    }

    @Override
    public void onRelayEnd(Termination cause) {
        end(cause, Fate.CLOSES);
    }

    // ---- the end ----

    /** The client has been sent the whole response. */
    void onResponseEnd() {
        Fate fate = fate();
        request.stop();
        end(Termination.NORMAL, fate);
    }

    private Fate fate() {
        if (response.clientStays()) {
            assert !request.awaitsBody() : "the rest of the body would be taken for a request";
            return Fate.STAYS;
        }
        // A client that has announced its last request should send nothing more. One that does all the same causes a
        // reset, which may overtake what it has not received yet, but not what left in a first flight.
        boolean mayClose = request.isLast() && client.requests() == 1 && client.hasSentNothingMore()
                && response.writtenBytes() <= MOST_BYTES_OF_FIRST_FLIGHT;
        return mayClose ? Fate.CLOSES : Fate.LINGERS;
    }

    /** Sluice stops: ends at once. */
    void kill() {
        abort(forwarding.causeIfStopped());
    }

    /** Ends at once. A peer in the middle of a message sees a reset. */
    void abort(Termination cause) {
        if (state == State.TUNNEL) {
            // Resets both connections, then calls onRelayEnd.
            tunnel.abort(cause);
        } else {
            end(cause, Fate.RESETS);
        }
    }

    void onBug(RuntimeException failure) {
        LOG.error("an exchange of listener {} failed", service.listener().name(), failure);
        abort(Termination.INTERNAL_ERROR);
    }

    /** Writes the log record, releases everything held, and returns this exchange to the service for reuse. */
    private void end(Termination cause, Fate fate) {
        journal.onTermination(cause);
        forwarding.stop();
        journal.end(request, forwarding.server(), sentBytes());
        ClientConnection served = client;
        state = State.FREE;
        forwarding.end();
        request.end();
        response.end();
        client = null;
        tunnel = null;
        service.giveBack(this);
        served.onExchangeEnd(fate);
    }

    /** Bytes that the client was sent. */
    private long sentBytes() {
        return response.writtenBytes() + (tunnel == null ? 0 : tunnel.sentBytes());
    }
}
