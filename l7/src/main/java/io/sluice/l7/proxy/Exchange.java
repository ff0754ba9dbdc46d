package io.sluice.l7.proxy;

import io.sluice.config.HttpPoolConfig.Retry;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.WorkerStats;
import io.sluice.l7.http.BodyFraming;
import io.sluice.l7.http.HttpError;
import io.sluice.l7.http.HttpMethod;
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
 * <p>In REQUESTING the request may still be under way, and in RESPONDING too: a server may answer early. This class
 * decides what happens next; how messages are read and written is the business of {@link RequestTransfer} and
 * {@link ResponseTransfer}, and what a failure comes to that of {@link FailurePolicy}.
 *
 * <p>Owned by one event loop; used again for other requests.
 */
final class Exchange implements ServerLeaseHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private enum State { FREE, HEAD, CONNECTING, REQUESTING, RESPONDING, ANSWERING, TUNNEL }

    private final HttpService service;
    private final EventLoop loop;
    private final WorkerStats stats;
    private final Journal journal;
    private final RequestTransfer request;
    private final ResponseTransfer response;
    private final ServerLease lease;
    private final FailurePolicy failures;

    private State state = State.FREE;
    private ClientConnection client;
    private Route route;
    private HttpPool pool;
    private Tunnel tunnel;

    Exchange(HttpService service) {
        this.service = service;
        loop = service.worker().loop();
        stats = service.worker().stats();
        journal = new Journal(service);
        request = new RequestTransfer(service);
        response = new ResponseTransfer(service, request);
        lease = new ServerLease(loop, this);
        failures = new FailurePolicy(request, response, lease, journal);
    }

    // ---- what the client's connection asks and tells ----

    RequestTransfer request() {
        return request;
    }

    void onFirstByte(ClientConnection from) {
        assert state == State.FREE;
        client = from;
        state = State.HEAD;
        request.begin(client);
        response.begin(client);
        journal.begin(client.identity());
    }

    /** The head is whole. @param rest the buffer that it ended in, with what is behind it; now this exchange's */
    void onHead(ByteBuffer rest) {
        journal.onHead();
        stats.count(Counter.HTTP_REQUESTS);
        HttpError fault = request.onHead(rest);
        if (fault != null) {
            refuse(fault);
        } else {
            route();
        }
    }

    /** The head breaks the protocol or a limit. */
    void onHeadRefused() {
        journal.onHead();
        refuse(request.head().error());
    }

    /** The head did not arrive in time. */
    void onHeadTimeout() {
        answerError(408, Termination.CLIENT_TIMEOUT_REQUEST);
    }

    void onClientReadable() {
        onRequestStep(request.onReadable());
    }

    void onClientWritable() {
        onResponseStep(response.onWritable());
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
            case REQUESTING -> request.takesBody() ? Termination.CLIENT_ABORT_DATA : Termination.CLIENT_ABORT_RESPONSE;
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

    // ---- time ----

    private Awaited awaited() {
        return switch (state) {
            case REQUESTING -> {
                if (request.isBlocked()) {
                    yield Awaited.SERVER_TO_TAKE;
                }
                if (request.takesBody()) {
                    yield Awaited.CLIENT_TO_SEND;
                }
                yield response.isBlocked() ? Awaited.CLIENT_TO_TAKE : Awaited.SERVER_TO_ANSWER;
            }
            case RESPONDING -> response.isBlocked() ? Awaited.CLIENT_TO_TAKE : Awaited.SERVER_TO_SEND;
            case ANSWERING -> Awaited.CLIENT_TO_TAKE;
            case FREE, HEAD, CONNECTING, TUNNEL -> Awaited.OTHERS;
        };
    }

    /** Until when the present state may last, if nothing happens. */
    long deadlineNs() {
        return switch (awaited()) {
            case CLIENT_TO_SEND, CLIENT_TO_TAKE -> client.lastActiveNs() + service.timeouts().clientNs();
            case SERVER_TO_TAKE, SERVER_TO_SEND -> lease.lastActiveNs() + pool.serverNs();
            case SERVER_TO_ANSWER -> journal.sentAtNs() + pool.responseNs();
            // It is enough to look again.
            case OTHERS -> loop.nowNs() + service.timeouts().clientNs();
        };
    }

    void onTimeout() {
        switch (awaited()) {
            case CLIENT_TO_SEND -> answerError(408, Termination.CLIENT_TIMEOUT_DATA);
            case CLIENT_TO_TAKE -> abort(Termination.CLIENT_TIMEOUT_DATA);
            case SERVER_TO_TAKE, SERVER_TO_ANSWER ->
                    onServerFailure(504, Retry.On.STATUS_504, Termination.SERVER_TIMEOUT_RESPONSE);
            case SERVER_TO_SEND -> abort(Termination.SERVER_TIMEOUT_DATA);
            case OTHERS -> { }
        }
    }

    // ---- the route and the server ----

    private void route() {
        route = request.route();
        HttpMethod method = request.head().method();
        if (method == HttpMethod.CONNECT) {
            answerError(405, Termination.PROXY_DENIED);
        } else if (RequestWriter.isHopCounted(method) && HopCount.of(request.head().fields()) == 0) {
            answer(Answer.lastHop(method));
        } else if (route == null) {
            answerError(404, Termination.PROXY_DENIED);
        } else {
            journal.onRoute(route);
            follow();
        }
    }

    private void follow() {
        switch (route.action()) {
            case Route.ToPool to -> sendTo(to.pool());
            case Route.Split split -> sendTo(request.sideOf(split));
            case Route.Redirect redirect -> answer(request.redirect(redirect));
            case Route.Respond respond -> answer(Answer.of(respond));
        }
    }

    private void sendTo(String poolName) {
        pool = service.pool(poolName);
        journal.onPool(pool.pool());
        failures.begin(pool);
        request.holdBody();
        long hash = request.hashFor(pool);
        request.rewrite(route.rewrite());
        state = State.CONNECTING;
        lease.find(pool, client.identity(), request.head().fields(), hash, failures.isRepeatable());
    }

    @Override
    public void onServer(ServerConnection server) {
        lease.tell(journal);
        journal.onSent();
        state = State.REQUESTING;
        response.await(server);
        server.beginExchange(this);
        onRequestStep(request.send(server, route.requestEdits()));
        if (state == State.REQUESTING) {
            request.readBody();
            client.onDeadlineMoved();
        }
    }

    @Override
    public void onNoServer(Termination cause) {
        lease.tell(journal);
        stats.count(switch (cause) {
            case PROXY_QUEUE_FULL -> Counter.QUEUE_FULL;
            case SERVER_TIMEOUT_QUEUE -> Counter.QUEUE_TIMEOUTS;
            default -> lease.server() == null ? Counter.NO_SERVER_UP : Counter.CONNECT_FAILURES;
        });
        answerError(failures.statusWithoutServer(cause), cause);
    }

    void onServerReady(int readyOps) {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            onRequestStep(request.onWritable());
        }
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            onServerReadable();
        }
    }

    private void onServerReadable() {
        switch (state) {
            case REQUESTING -> readResponseHead();
            case RESPONDING -> onResponseStep(response.onReadable());
            case FREE, HEAD, CONNECTING, ANSWERING, TUNNEL -> { }
        }
    }

    void onBug(RuntimeException failure) {
        LOG.error("an exchange of listener {} failed", service.listener().name(), failure);
        abort(Termination.INTERNAL_ERROR);
    }

    // ---- the request on its way ----

    private void onRequestStep(MessageFlow.Outcome outcome) {
        switch (outcome) {
            case GOES_ON -> { }
            case ENDED -> {
                request.onSent();
                if (state == State.REQUESTING) {
                    journal.onSent();
                    client.onDeadlineMoved();
                }
            }
            case REFUSED -> refuse(request.bodyError());
            case TRUNCATED, SOURCE_ABORTED -> abort(Termination.CLIENT_ABORT_DATA);
            case SINK_ABORTED -> onServerTakesNoMore();
        }
    }

    /** The server closed while it was sent the request. It may have answered before, so that is read first. */
    private void onServerTakesNoMore() {
        if (state == State.REQUESTING) {
            readResponseHead();
        }
        if (state == State.REQUESTING) {
            onServerGone();
        } else if (state == State.RESPONDING && response.head().framing() == BodyFraming.UNTIL_CLOSE) {
            // The failed write has taken the reset: reading would see an end, as if the body were whole.
            failures.onServerFault();
            abort(Termination.SERVER_ABORT_DATA);
        }
    }

    // ---- the response on its way ----

    private void readResponseHead() {
        switch (response.readHead()) {
            case INCOMPLETE -> { }
            case HEAD -> onResponseHead();
            case REFUSED -> {
                noteRefusal(response.head().error());
                onServerFailure(502, failures.kindOfMalformedHead(), Termination.PROXY_REFUSED_RESPONSE);
            }
            case SERVER_GONE -> onServerGone();
            case CLIENT_GONE -> abort(Termination.CLIENT_ABORT_RESPONSE);
        }
    }

    private void onResponseHead() {
        journal.onResponseHead();
        if (response.head().framing() == BodyFraming.TUNNEL) {
            onUpgrade();
            return;
        }
        int status = response.head().status();
        failures.onStatus(status);
        Retry.On kind = FailurePolicy.kindOf(status);
        if (failures.mayRetry(kind)) {
            retry(kind);
        } else {
            state = State.RESPONDING;
            journal.onStatus(status);
            onResponseStep(response.pass(route.responseEdits(), lease.setCookie()));
            if (state == State.RESPONDING) {
                client.onDeadlineMoved();
            }
        }
    }

    private void onResponseStep(MessageFlow.Outcome outcome) {
        switch (outcome) {
            case GOES_ON -> {
                if (state == State.REQUESTING && !response.isBlocked()) {
                    // An interim response has left; what is behind it may have been read already.
                    readResponseHead();
                }
            }
            case ENDED -> onResponseEnd();
            case REFUSED -> {
                noteRefusal(response.bodyError());
                abort(Termination.PROXY_REFUSED_DATA);
            }
            case TRUNCATED, SOURCE_ABORTED -> {
                failures.onServerFault();
                abort(Termination.SERVER_ABORT_DATA);
            }
            case SINK_ABORTED -> abort(Termination.CLIENT_ABORT_DATA);
        }
    }

    private void onResponseEnd() {
        boolean requestEnded = !request.isUnderWay();
        // A client that has announced the end itself sends nothing more that closing at once could cut off.
        boolean closesAtOnce = request.isLast();
        request.stop();
        if (lease.connection() != null) {
            // Bytes behind the response answer nothing that was asked: such a connection is not to be trusted.
            lease.release(!response.dropRest() && requestEnded && response.head().isPersistent());
        }
        journal.onTermination(Termination.NORMAL);
        boolean staysOpen = response.clientStays();
        ClientConnection served = client;
        end();
        served.onExchangeEnd(staysOpen, closesAtOnce);
    }

    private void onUpgrade() {
        boolean asked = request.head().isUpgradeWanted() && !request.isUnderWay();
        ByteBuffer first = asked ? response.upgrade(route.responseEdits()) : null;
        if (first == null) {
            onServerFailure(502, null, Termination.PROXY_REFUSED_RESPONSE);
            return;
        }
        state = State.TUNNEL;
        journal.onStatus(response.head().status());
        tunnel = new Tunnel(loop, service.worker().buffers(), client.connection(), lease.connection().connection(),
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
        onServerFailure(502, failures.kindOfClose(), Termination.SERVER_ABORT_RESPONSE);
    }

    /** The server's fault, and no final response has begun to go to the client: try again, or say so. */
    private void onServerFailure(int status, Retry.On kind, Termination cause) {
        if (kind != Retry.On.IDLE_CLOSED) {
            failures.onServerFault();
        }
        if (failures.mayRetry(kind)) {
            retry(kind);
        } else {
            answerError(status, cause);
        }
    }

    private void retry(Retry.On kind) {
        request.stop();
        response.stop();
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

    private void answerError(int status, Termination cause) {
        boolean json = request.isUnderstood() && JsonWanted.by(request.head().fields());
        answer(Answer.error(status, pool == null ? ErrorPages.BUILT_IN : pool.errorPages(), json, cause));
    }

    private void answer(Answer answer) {
        state = State.ANSWERING;
        lease.abort();
        request.stop();
        journal.onStatus(answer.status());
        journal.onTermination(answer.cause());
        MessageFlow.Outcome outcome = response.answer(answer);
        if (outcome == MessageFlow.Outcome.GOES_ON) {
            client.onDeadlineMoved();
        }
        onResponseStep(outcome);
    }

    // ---- the end ----

    /** Logs, gives back all that is held, and makes ready for another request. */
    private void end() {
        long sentBytes = tunnel == null ? response.writtenBytes() : tunnel.downBytes();
        if (!journal.publish(request, lease.server(), sentBytes)) {
            stats.count(Counter.LOG_RECORDS_DROPPED);
        }
        lease.abort();
        state = State.FREE;
        request.end();
        response.end();
        client = null;
        route = null;
        pool = null;
        tunnel = null;
        service.giveBack(this);
    }
}
