package io.sluice.l7.proxy;

import io.sluice.config.HttpPoolConfig.Retry;
import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.BufferWaiter;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.WorkerStats;
import io.sluice.l7.http.BodyFramer;
import io.sluice.l7.http.BodyFraming;
import io.sluice.l7.http.ChunkParser;
import io.sluice.l7.http.HeadWriter;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.HttpMethod;
import io.sluice.l7.http.RequestParser;
import io.sluice.l7.http.ResponseParser;
import io.sluice.l7.route.Route;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response: finds its route, gets a server, passes the messages on, answers by itself where no
 * server does, tries again where that is safe, logs.
 *
 * <pre>
 *   FREE ── first byte ──▶ HEAD ──▶ CONNECTING ── server ──▶ REQUESTING ── response head ──▶ RESPONDING ──▶ FREE
 *                           │            │  ▲                   │  │                              │
 *                           │            │  └─── tried again ───┘  └── 101 ──▶ TUNNEL ──▶ FREE    │
 *                           └────────────┴── answer of Sluice's own ──▶ ANSWERING ──▶ FREE        │
 *                               the response broke, or the client is gone ──▶ FREE ◀──────────────┘
 * </pre>
 *
 * <p>In REQUESTING the request may still be under way, and in RESPONDING too: a server may answer early.
 *
 * <p>Owned by one event loop; used again for other requests.
 */
final class Exchange implements BufferWaiter, ServerLeaseHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private enum State { FREE, HEAD, CONNECTING, REQUESTING, RESPONDING, ANSWERING, TUNNEL }

    private final HttpService service;
    private final EventLoop loop;
    private final BufferPool buffers;
    private final HeadWriter writer;
    private final WorkerStats stats;
    private final Journal journal;
    private final RequestParser request;
    private final RequestPath path;
    private final BodyFramer requestFramer;
    private final MessageFlow requestFlow;
    private final ServerLease lease;
    private final ResponseParser response;
    private final ResponseHeadReader responseReader;
    private final BodyFramer responseFramer;
    private final BodyFramer unchunkingFramer;
    private final MessageFlow responseFlow;

    private State state = State.FREE;
    private ClientConnection client;
    private Route route;
    private HttpPool pool;
    /** What came of the body behind the request's head, until the request flow takes it; or null. */
    private ByteBuffer behindHead;
    /** Whether the client's connection stays open after the response, as the response's head says. */
    private boolean stays;
    private Tunnel tunnel;

    Exchange(HttpService service) {
        this.service = service;
        loop = service.worker().loop();
        buffers = service.worker().buffers();
        writer = service.writer();
        stats = service.worker().stats();
        journal = new Journal(loop);
        request = new RequestParser(service.limits());
        path = new RequestPath(service.config().mergeSlashes());
        requestFramer = new BodyFramer(service.limits(), ChunkParser.Output.CHUNKED);
        requestFlow = new MessageFlow(buffers, writer);
        lease = new ServerLease(loop, this);
        response = new ResponseParser(service.responseLimits());
        responseReader = new ResponseHeadReader(buffers, response);
        responseFramer = new BodyFramer(service.responseLimits(), ChunkParser.Output.CHUNKED);
        unchunkingFramer = new BodyFramer(service.responseLimits(), ChunkParser.Output.DECODED);
        responseFlow = new MessageFlow(buffers, writer);
    }

    // ---- what the client's connection tells ----

    RequestParser requestParser() {
        return request;
    }

    void onFirstByte(ClientConnection from) {
        assert state == State.FREE;
        client = from;
        state = State.HEAD;
        requestFramer.begin(BodyFraming.NONE, 0);
        journal.begin();
    }

    /** The head is whole. @param rest the buffer that it ended in, with what is behind it; now this exchange's */
    void onHead(ByteBuffer rest) {
        journal.onHead();
        stats.count(Counter.HTTP_REQUESTS);
        requestFramer.begin(request.framing(), request.contentLength());
        if (!rest.hasRemaining()) {
            buffers.release(rest);
        } else if (awaitsBody()) {
            behindHead = rest;
        } else {
            client.takeRest(rest);
        }
        HttpError fault = path.take(request);
        if (fault != null) {
            refuse(fault);
        } else {
            route();
        }
    }

    /** The head breaks the protocol or a limit. */
    void onHeadRefused() {
        journal.onHead();
        refuse(request.error());
    }

    /** The head did not arrive in time. */
    void onHeadTimeout() {
        answerError(408, Termination.CLIENT_TIMEOUT_REQUEST);
    }

    /** The client went away in the middle of the head. */
    void onClientGoneInHead() {
        abort(Termination.CLIENT_ABORT_REQUEST);
    }

    /** Whether the request's body is being passed on. */
    boolean takesBody() {
        return requestFlow.state() == MessageFlow.State.BODY;
    }

    /** Whether more of the request's body has to come. */
    boolean awaitsBody() {
        return !requestFramer.isEnded();
    }

    /** Whether part of the request has yet to come or to leave: until then what comes is not the next request. */
    boolean isRequestUnderWay() {
        return awaitsBody() || requestFlow.isBlocked();
    }

    void onClientReadable() {
        onRequestStep(requestFlow.onReadable());
    }

    void onClientWritable() {
        onResponseStep(responseFlow.onWritable());
    }

    /** The client has ended its direction behind a whole request. It may wait for the response, but not in a queue. */
    void onClientEnded() {
        if (lease.isQueued()) {
            abort(Termination.CLIENT_ABORT_QUEUE);
        }
    }

    /** The client has reset its connection. */
    void onClientAborted() {
        abort(switch (state) {
            case FREE, HEAD, ANSWERING -> Termination.CLIENT_ABORT_REQUEST;
            case CONNECTING -> lease.isQueued() ? Termination.CLIENT_ABORT_QUEUE : Termination.CLIENT_ABORT_CONNECT;
            case REQUESTING -> takesBody() ? Termination.CLIENT_ABORT_DATA : Termination.CLIENT_ABORT_RESPONSE;
            case RESPONDING, TUNNEL -> Termination.CLIENT_ABORT_DATA;
        });
    }

    /** The server in use, or null. */
    Server connectedServer() {
        return lease.connection() == null ? null : lease.connection().server();
    }

    /** Ends at once; whoever is in the middle of a message sees a reset. */
    void abort(Termination cause) {
        if (state == State.TUNNEL) {
            tunnel.abort(cause);
            return;
        }
        journal.onTermination(cause);
        ClientConnection aborted = client;
        end();
        aborted.onExchangeAborted();
    }

    /** Until when the present state may last, if nothing happens. */
    long deadlineNs() {
        long clientNs = client.connection().lastActiveNs() + service.timeouts().clientNs();
        return switch (state) {
            case REQUESTING -> {
                if (requestFlow.isBlocked()) {
                    yield serverDeadlineNs();
                }
                if (takesBody()) {
                    yield clientNs;
                }
                yield responseFlow.isBlocked() ? clientNs : journal.sentAtNs() + pool.responseNs();
            }
            case RESPONDING -> responseFlow.isBlocked() ? clientNs : serverDeadlineNs();
            case ANSWERING -> clientNs;
            // Others watch the time there: it is enough to look again.
            case FREE, HEAD, CONNECTING, TUNNEL -> loop.nowNs() + service.timeouts().clientNs();
        };
    }

    void onTimeout() {
        switch (state) {
            case REQUESTING -> {
                if (takesBody() && !requestFlow.isBlocked()) {
                    answerError(408, Termination.CLIENT_TIMEOUT_DATA);
                } else if (responseFlow.isBlocked()) {
                    abort(Termination.CLIENT_TIMEOUT_DATA);
                } else {
                    onServerFailure(504, Retry.On.STATUS_504, Termination.SERVER_TIMEOUT_RESPONSE);
                }
            }
            case RESPONDING -> abort(responseFlow.isBlocked()
                    ? Termination.CLIENT_TIMEOUT_DATA : Termination.SERVER_TIMEOUT_DATA);
            case ANSWERING -> abort(Termination.CLIENT_TIMEOUT_DATA);
            case FREE, HEAD, CONNECTING, TUNNEL -> { }
        }
    }

    private long serverDeadlineNs() {
        return lease.connection().connection().lastActiveNs() + pool.serverNs();
    }

    // ---- the route and the server ----

    private void route() {
        route = service.router().match(request, path.bytes(), path.offset(), path.length(),
                client.identity().routed(), service.scratch());
        if (request.method() == HttpMethod.CONNECT) {
            answerError(405, Termination.PROXY_DENIED);
        } else if (RequestWriter.isHopCounted(request.method()) && HopCount.of(request.fields()) == 0) {
            answer(Answer.lastHop(request.method()));
        } else if (route == null) {
            answerError(404, Termination.PROXY_DENIED);
        } else {
            follow();
        }
    }

    private void follow() {
        switch (route.action()) {
            case Route.ToPool to -> sendTo(to.pool());
            case Route.Split split -> sendTo(split.choose(request, path.bytes(), path.offset(), path.length(),
                    client.identity().routed(), service.scratch()));
            case Route.Redirect redirect -> answer(Answer.redirect(redirect, request, path, writer));
            case Route.Respond respond -> answer(Answer.of(respond));
        }
    }

    private void sendTo(String poolName) {
        pool = service.pool(poolName);
        pool.retryBudget().onRequest();
        if (awaitsBody()) {
            client.connection().wantRead(false);
        }
        // By the path that the client has asked for, not by what the route makes of it.
        long hash = pool.keyHash() == null ? client.identity().routed().hash()
                : pool.keyHash().of(request, path.bytes(), path.offset(), path.length(),
                        client.identity().routed(), service.scratch());
        path.rewrite(route.rewrite());
        state = State.CONNECTING;
        lease.find(pool, client.identity(), request.fields(), hash, isRepeatable());
    }

    @Override
    public void onServer(ServerConnection server) {
        lease.tell(journal);
        journal.onSent();
        state = State.REQUESTING;
        response.reset();
        response.answers(request.method());
        server.beginExchange(this);
        service.requestWriter().write(request, path, client.identity(), route.requestEdits());
        MessageComposer.Shape shape = request.framing() == BodyFraming.CHUNKED
                ? MessageComposer.Shape.CHUNKS_KEPT : MessageComposer.Shape.PLAIN;
        ByteBuffer body = takeBehindHead();
        onRequestStep(requestFlow.begin(client.connection(), server.connection(), body, requestFramer, shape));
        if (state == State.REQUESTING) {
            if (takesBody() && !requestFlow.isBlocked()) {
                client.connection().wantRead(true);
            }
            client.onDeadlineMoved();
        }
    }

    @Override
    public void onNoServer(Termination cause) {
        lease.tell(journal);
        boolean tried = lease.server() != null;
        switch (cause) {
            case PROXY_QUEUE_FULL -> stats.count(Counter.QUEUE_FULL);
            case SERVER_TIMEOUT_QUEUE -> stats.count(Counter.QUEUE_TIMEOUTS);
            default -> stats.count(tried ? Counter.CONNECT_FAILURES : Counter.NO_SERVER_UP);
        }
        answerError(switch (cause) {
            case SERVER_TIMEOUT_CONNECT -> 504;
            case SERVER_REFUSED -> tried ? 502 : 503;
            default -> 503;
        }, cause);
    }

    // ---- the request on its way ----

    private void onRequestStep(MessageFlow.Outcome outcome) {
        switch (outcome) {
            case GOES_ON -> { }
            case ENDED -> {
                client.takeRest(requestFlow.takeRest());
                client.connection().wantRead(true);
                if (state == State.REQUESTING) {
                    journal.onSent();
                    client.onDeadlineMoved();
                }
            }
            case REFUSED -> refuse(requestFlow.error());
            case TRUNCATED, SOURCE_ABORTED -> abort(Termination.CLIENT_ABORT_DATA);
            case SINK_ABORTED -> onServerTakesNoMore();
        }
    }

    /** The server closed while it was sent the request. It may have answered before, so that is read first. */
    private void onServerTakesNoMore() {
        lease.connection().connection().wantWrite(false);
        if (state == State.REQUESTING) {
            onServerReadable();
        }
        if (state == State.REQUESTING) {
            onServerGone();
        } else if (state == State.RESPONDING && response.framing() == BodyFraming.UNTIL_CLOSE) {
            // The failed write has taken the reset: reading would see an end, as if the body were whole.
            pool.states().exchangeFailed(connectedServer());
            abort(Termination.SERVER_ABORT_DATA);
        }
    }

    // ---- the response on its way ----

    void onServerReady(int readyOps) {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            onRequestStep(requestFlow.onWritable());
        }
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            onServerReadable();
        }
    }

    void onBug(RuntimeException failure) {
        LOG.error("an exchange of listener {} failed", service.listener().name(), failure);
        abort(Termination.INTERNAL_ERROR);
    }

    /** There may be a buffer for the response's head again; it is taken when that is read. */
    @Override
    public void onBuffer(ByteBuffer buffer) {
        buffers.release(buffer);
        if (state == State.REQUESTING) {
            lease.connection().connection().wantRead(true);
        }
    }

    private void onServerReadable() {
        switch (state) {
            case REQUESTING -> readResponseHeads();
            case RESPONDING -> onResponseStep(responseFlow.onReadable());
            case FREE, HEAD, CONNECTING, ANSWERING, TUNNEL -> { }
        }
    }

    /** Until the final one, or nothing more has come, or an interim one does not leave at once. */
    private void readResponseHeads() {
        boolean more = true;
        while (more && state == State.REQUESTING) {
            if (responseFlow.isBlocked()) {
                lease.connection().connection().wantRead(false);
                return;
            }
            more = onResponseHeadStep(responseReader.step(lease.connection().connection()));
        }
    }

    /** Whether there is more to look at. */
    private boolean onResponseHeadStep(ResponseHeadReader.Step step) {
        switch (step) {
            case INCOMPLETE -> { }
            case HEAD -> {
                if (response.isInterim()) {
                    return onInterimHead();
                }
                onFinalHead();
            }
            case REFUSED -> {
                noteRefusal(response.error());
                // On a kept connection the bytes may have come before the request: they say nothing about its fate.
                onServerFailure(502, lease.isReused() ? Retry.On.IDLE_CLOSED : Retry.On.STATUS_502,
                        Termination.PROXY_REFUSED_RESPONSE);
            }
            case GONE -> onServerGone();
            case NO_BUFFER -> {
                lease.connection().connection().wantRead(false);
                buffers.await(this);
            }
        }
        return false;
    }

    /** Passes a 1xx on; HTTP/1.0 knows none. Whether the next head may be here already. */
    private boolean onInterimHead() {
        if (request.minorVersion() > 0) {
            service.responseWriter().writeInterim(response);
            if (responseFlow.sendInterim(client.connection()) == MessageFlow.Outcome.SINK_ABORTED) {
                abort(Termination.CLIENT_ABORT_RESPONSE);
                return false;
            }
        }
        response.reset();
        if (responseReader.hasRest()) {
            return true;
        }
        responseReader.clear();
        return false;
    }

    private void onFinalHead() {
        journal.onResponseHead();
        if (response.framing() == BodyFraming.TUNNEL) {
            onUpgrade();
            return;
        }
        if (response.status() >= 500) {
            pool.states().exchangeFailed(connectedServer());
        } else {
            pool.states().exchangeSucceeded(connectedServer());
        }
        Retry.On kind = retryOn(response.status());
        if (kind != null && mayRetry(kind)) {
            retry(kind);
        } else {
            respond();
        }
    }

    private void respond() {
        state = State.RESPONDING;
        journal.onStatus(response.status());
        ResponsePlan plan = ResponsePlan.of(request, response);
        stays = request.isPersistent() && client.mayStay() && !plan.endsByClose() && !awaitsBody();
        BodyFramer framer = plan == ResponsePlan.UNCHUNKED ? unchunkingFramer : responseFramer;
        framer.begin(response.framing(), response.contentLength());
        service.responseWriter().writeFinal(response, plan.headFraming(response), persistence(),
                route.responseEdits(), lease.setCookie());
        onResponseStep(responseFlow.begin(lease.connection().connection(), client.connection(),
                responseReader.takeRest(), framer, plan.shape()));
        if (state == State.RESPONDING) {
            client.onDeadlineMoved();
        }
    }

    private ResponseWriter.Persistence persistence() {
        if (!stays) {
            return ResponseWriter.Persistence.CLOSES;
        }
        return request.minorVersion() == 0
                ? ResponseWriter.Persistence.STAYS_IN_1_0 : ResponseWriter.Persistence.STAYS;
    }

    private void onResponseStep(MessageFlow.Outcome outcome) {
        switch (outcome) {
            case GOES_ON -> {
                if (state == State.REQUESTING && !responseFlow.isBlocked()) {
                    // An interim response has left; what is behind it may have been read already.
                    lease.connection().connection().wantRead(true);
                    readResponseHeads();
                }
            }
            case ENDED -> onResponseEnd();
            case REFUSED -> {
                noteRefusal(responseFlow.error());
                abort(Termination.PROXY_REFUSED_DATA);
            }
            case TRUNCATED, SOURCE_ABORTED -> {
                pool.states().exchangeFailed(connectedServer());
                abort(Termination.SERVER_ABORT_DATA);
            }
            case SINK_ABORTED -> abort(Termination.CLIENT_ABORT_DATA);
        }
    }

    private void onResponseEnd() {
        boolean requestEnded = !isRequestUnderWay();
        keepRequestRest();
        if (lease.connection() != null) {
            ByteBuffer beyond = responseFlow.takeRest();
            // Bytes behind the response answer nothing that was asked: such a connection is not to be trusted.
            lease.release(beyond == null && requestEnded && response.isPersistent());
            if (beyond != null) {
                buffers.release(beyond);
            }
        }
        journal.onTermination(Termination.NORMAL);
        // A client that has announced the end itself sends nothing more that closing at once could cut off.
        boolean closesAtOnce = requestEnded && isHeadUnderstood() && !request.isPersistent();
        boolean staysOpen = stays;
        ClientConnection served = client;
        end();
        served.onExchangeEnd(staysOpen, closesAtOnce);
    }

    private void onUpgrade() {
        boolean asked = request.isUpgradeWanted() && !isRequestUnderWay();
        service.responseWriter().writeUpgrade(response, route.responseEdits());
        ByteBuffer first = responseReader.takeRest();
        int start = first.position() - writer.length();
        if (!asked || start < 0) {
            buffers.release(first);
            onServerFailure(502, null, Termination.PROXY_REFUSED_RESPONSE);
            return;
        }
        writer.copyTo(first, start);
        first.position(start);
        state = State.TUNNEL;
        journal.onStatus(response.status());
        tunnel = new Tunnel(loop, buffers, client.connection(), lease.connection().connection(),
                service.timeouts().tunnel(), client);
        tunnel.start(client.onTunnel(), first);
    }

    /** Both connections of the tunnel are closed. */
    void onTunnelEnd(Termination cause) {
        journal.onTermination(cause);
        lease.releaseClosed();
        end();
    }

    // ---- what goes wrong ----

    private void onServerGone() {
        boolean untouched = lease.isReused() && !response.hasBegun();
        onServerFailure(502, untouched ? Retry.On.IDLE_CLOSED : Retry.On.STATUS_502,
                Termination.SERVER_ABORT_RESPONSE);
    }

    /** The server's fault, and no final response has begun to go to the client: try again, or say so. */
    private void onServerFailure(int status, Retry.On kind, Termination cause) {
        if (kind != Retry.On.IDLE_CLOSED) {
            pool.states().exchangeFailed(connectedServer());
        }
        if (kind != null && mayRetry(kind)) {
            retry(kind);
        } else {
            answerError(status, cause);
        }
    }

    private static Retry.On retryOn(int status) {
        return switch (status) {
            case 502 -> Retry.On.STATUS_502;
            case 503 -> Retry.On.STATUS_503;
            case 504 -> Retry.On.STATUS_504;
            default -> null;
        };
    }

    /** Whether sending the request again does no harm: it has no body, and means the same twice as once. */
    private boolean isRepeatable() {
        return request.framing() == BodyFraming.NONE && !request.isUpgradeWanted()
                && (request.method().isIdempotent() || !pool.config().http().retry().onlyIdempotent());
    }

    private boolean mayRetry(Retry.On kind) {
        Retry config = pool.config().http().retry();
        if (!config.on().contains(kind) || journal.retries() >= config.attempts() || !isRepeatable()
                || responseFlow.isBlocked()) {
            return false;
        }
        // That a kept connection was closed says nothing about the server, and costs none anything.
        return kind == Retry.On.IDLE_CLOSED || lease.excludeServer() && pool.retryBudget().tryRetry();
    }

    private void retry(Retry.On kind) {
        keepRequestRest();
        responseReader.clear();
        journal.onRetry();
        stats.count(Counter.HTTP_RETRIES);
        state = State.CONNECTING;
        if (kind == Retry.On.IDLE_CLOSED) {
            lease.findFresh(journal.retries());
        } else {
            lease.findAnother(journal.retries());
        }
    }

    private void refuse(HttpError fault) {
        noteRefusal(fault);
        stats.count(Counter.HTTP_REFUSED);
        if (state == State.RESPONDING) {
            abort(Termination.PROXY_DENIED);
        } else {
            answerError(fault.status(), Termination.PROXY_DENIED);
        }
    }

    private void noteRefusal(HttpError reason) {
        journal.onRefusal(reason);
        service.countRefusal(reason);
    }

    // ---- answers of Sluice's own ----

    private void answerError(int status, Termination cause) {
        boolean json = isHeadUnderstood() && JsonWanted.by(request.fields());
        answer(Answer.error(status, pool == null ? ErrorPages.BUILT_IN : pool.errorPages(), json, cause));
    }

    private void answer(Answer answer) {
        state = State.ANSWERING;
        lease.abort();
        responseReader.clear();
        keepRequestRest();
        journal.onStatus(answer.status());
        journal.onTermination(answer.cause());
        boolean understood = isHeadUnderstood();
        stays = understood && !awaitsBody() && requestFramer.error() == null && request.isPersistent()
                && client.mayStay();
        service.responseWriter().writeAnswer(answer, persistence(), understood && request.method() == HttpMethod.HEAD);
        MessageFlow.Outcome outcome = responseFlow.beginWhole(client.connection());
        if (outcome == MessageFlow.Outcome.GOES_ON) {
            client.onDeadlineMoved();
        }
        onResponseStep(outcome);
    }

    private boolean isHeadUnderstood() {
        return journal.hasHead() && request.error() == null;
    }

    // ---- the end ----

    private ByteBuffer takeBehindHead() {
        ByteBuffer taken = behindHead;
        behindHead = null;
        return taken;
    }

    /** The request flow is over, but what it has read beyond the request is not lost. */
    private void keepRequestRest() {
        ByteBuffer rest = awaitsBody() ? null : requestFlow.takeRest();
        requestFlow.reset();
        if (rest != null && rest.hasRemaining()) {
            client.takeRest(rest);
        } else if (rest != null) {
            buffers.release(rest);
        }
    }

    /** Logs, gives back all that is held, and makes ready for another request. */
    private void end() {
        log();
        lease.abort();
        state = State.FREE;
        requestFlow.reset();
        responseFlow.reset();
        responseReader.clear();
        if (behindHead != null) {
            buffers.release(takeBehindHead());
        }
        request.reset();
        client = null;
        route = null;
        pool = null;
        tunnel = null;
        service.giveBack(this);
    }

    private void log() {
        if (service.log() == null) {
            return;
        }
        AccessRecord access = journal.claim(service.log());
        if (access == null) {
            stats.count(Counter.LOG_RECORDS_DROPPED);
            return;
        }
        access.listener = service.listener().name();
        access.client = client.identity().address();
        access.route = route == null ? null : route.name();
        access.pool = pool == null ? null : pool.pool().name();
        access.server = pool == null || lease.server() == null ? null : lease.server().name();
        access.requestBytes = requestFramer.bodyBytes();
        access.responseBytes = tunnel == null ? responseFlow.writtenBytes() : tunnel.downBytes();
        access.head(request.bytes(), request.headLength());
        service.log().publish(access);
    }
}
