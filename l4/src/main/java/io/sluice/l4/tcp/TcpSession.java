package io.sluice.l4.tcp;

import io.sluice.config.ProxyProtocolConfig;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.net.ConnectAttempts;
import io.sluice.core.net.ConnectHandler;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.ProxyHeader;
import io.sluice.core.net.ProxyProtocol;
import io.sluice.core.pool.ClientHash;
import io.sluice.core.pool.Server;
import io.sluice.core.relay.Flow;
import io.sluice.core.relay.Relay;
import io.sluice.core.relay.RelayOwner;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.WorkerStats;
import io.sluice.core.worker.Session;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's way through a TCP listener: learn who it is, get it a server, relay until the end, log.
 *
 * <pre>
 *   accept ──▶ PREFACE ── header complete ──▶ CONNECTING ── server connected ──▶ RELAYING ── over ──▶ ENDED
 *      └── no PROXY protocol expected ────────▶   │
 *   PREFACE, CONNECTING ── refused, failed, timed out, client gone ──▶ ENDED
 * </pre>
 *
 * <p>What the client sends before its server is connected is read ahead, up to one buffer. A client that ends its
 * direction meanwhile still gets its server, since it may wait for an answer; but one that does so in the queue is
 * taken to have given up, as HAProxy does with {@code abortonclose}.
 *
 * <p>Owned by one event loop.
 */
final class TcpSession extends Session implements ConnectionOwner, ConnectHandler, RelayOwner, TimerHandler {

    private static final Logger LOG = LoggerFactory.getLogger(TcpSession.class);

    private enum State { PREFACE, CONNECTING, RELAYING, ENDED }

    private final TcpService service;
    private final EventLoop loop;
    private final WorkerStats stats;
    private final Connection client;
    private final Flow clientToServer;
    private final ConnectAttempts attempts;
    private final long startMs = System.currentTimeMillis();
    private final long startNs;
    private State state = State.PREFACE;
    private InetSocketAddress clientAddress;
    private InetSocketAddress listenerAddress;
    /** Only while the preface is awaited. */
    private Timer prefaceTimer;
    private Flow serverToClient;
    private Relay relay;

    TcpSession(TcpService service, SocketChannel channel) {
        this.service = service;
        loop = service.worker().loop();
        stats = service.worker().stats();
        client = new Connection(loop, channel, this);
        clientToServer = new Flow(service.worker().buffers(), client);
        attempts = new ConnectAttempts(service.connector(), this);
        startNs = loop.nowNs();
    }

    void start() {
        service.worker().onSessionStart(this);
        clientAddress = client.remoteAddress();
        listenerAddress = client.localAddress();
        if (service.config().proxyProtocol().accept() == ProxyProtocolConfig.Accept.REQUIRED) {
            awaitProxyHeader();
        } else {
            admit();
        }
    }

    @Override
    public Server server() {
        return state == State.RELAYING ? attempts.server() : null;
    }

    @Override
    public void abort(Termination termination) {
        if (state == State.RELAYING) {
            relay.abort(termination);
        } else {
            refuse(termination);
        }
    }

    @Override
    public void kill() {
        switch (state) {
            case PREFACE -> refuse(Termination.KILLED_CONNECT);
            case CONNECTING -> refuse(attempts.isQueued() ? Termination.KILLED_QUEUE : Termination.KILLED_CONNECT);
            case RELAYING -> relay.abort(Termination.KILLED_DATA);
            case ENDED -> { }
        }
    }

    @Override
    public void onReady(Connection ready, int readyOps) {
        Flow.Outcome outcome = clientToServer.onReadable();
        if (outcome == Flow.Outcome.SOURCE_ABORTED) {
            refuse(clientAbort());
            return;
        }
        switch (state) {
            case PREFACE -> onPreface();
            case CONNECTING -> leaveQueueIfClientEnded();
            case RELAYING, ENDED -> throw new IllegalStateException("the client is not this session's in " + state);
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        LOG.error("a session of listener {} failed", service.listener().name(), failure);
        abort(Termination.INTERNAL_ERROR);
    }

    @Override
    public void onTimer(long nowNs) {
        refuse(Termination.CLIENT_TIMEOUT_PREFACE);
    }

    @Override
    public void onServerConnected(Connection server) {
        state = State.RELAYING;
        serverToClient = new Flow(service.worker().buffers(), server);
        relay = new Relay(loop, client, server, clientToServer, serverToClient, service.silenceLimits(), this);
        relay.start();
    }

    @Override
    public void onServerFailed(Termination termination) {
        refuse(termination);
    }

    @Override
    public void onRelayEnd(Termination termination) {
        attempts.releaseServer();
        end(termination);
    }

    private void awaitProxyHeader() {
        if (!service.listener().trusts(clientAddress.getAddress())) {
            refuseHeader("it comes from an address that is not trusted to send one");
            return;
        }
        prefaceTimer = new Timer(this);
        loop.timers().schedule(prefaceTimer, startNs + service.config().proxyProtocol().timeout().toNanos());
        clientToServer.start();
    }

    private void onPreface() {
        ByteBuffer received = clientToServer.readAhead();
        if (received != null) {
            switch (ProxyProtocol.parse(received)) {
                case ProxyHeader.NeedMore() -> refuseIfClientEnded();
                case ProxyHeader.Invalid(ProxyHeader.Flaw flaw) -> refuseHeader(flaw.toString());
                case ProxyHeader.Local(int lengthBytes) -> onHeader(lengthBytes);
                case ProxyHeader.Proxied(int lengthBytes, InetSocketAddress source, InetSocketAddress destination) -> {
                    clientAddress = source;
                    listenerAddress = destination;
                    onHeader(lengthBytes);
                }
            }
        } else {
            refuseIfClientEnded();
        }
    }

    private void refuseIfClientEnded() {
        if (clientToServer.state() != Flow.State.OPEN) {
            refuse(Termination.CLIENT_ABORT_PREFACE);
        }
    }

    private void onHeader(int lengthBytes) {
        clientToServer.skip(lengthBytes);
        loop.timers().cancel(prefaceTimer);
        admit();
    }

    private void refuseHeader(String reason) {
        stats.count(Counter.PROXY_HEADERS_REFUSED);
        LOG.debug("listener {}: PROXY protocol header from {} refused: {}", service.listener().name(), clientAddress,
                reason);
        refuse(Termination.PROXY_DENIED);
    }

    private void admit() {
        if (!service.listener().admits(clientAddress.getAddress())) {
            stats.count(Counter.CONNECTIONS_DENIED);
            refuse(Termination.PROXY_DENIED);
            return;
        }
        state = State.CONNECTING;
        clientToServer.start();
        attempts.start(ClientHash.of(clientAddress.getAddress()), clientAddress, listenerAddress);
    }

    private void leaveQueueIfClientEnded() {
        if (attempts.isQueued() && clientToServer.state() != Flow.State.OPEN) {
            refuse(Termination.CLIENT_ABORT_QUEUE);
        }
    }

    private Termination clientAbort() {
        if (state == State.PREFACE) {
            return Termination.CLIENT_ABORT_PREFACE;
        }
        return attempts.isQueued() ? Termination.CLIENT_ABORT_QUEUE : Termination.CLIENT_ABORT_CONNECT;
    }

    /** Ends a session that has no server yet: at once and by a reset, so that the client is not left hanging. */
    private void refuse(Termination termination) {
        if (state == State.ENDED) {
            return;
        }
        attempts.cancel();
        if (prefaceTimer != null) {
            loop.timers().cancel(prefaceTimer);
        }
        clientToServer.close();
        client.abort();
        end(termination);
    }

    private void end(Termination termination) {
        state = State.ENDED;
        log(termination);
        count(termination);
        service.worker().onSessionEnd(this, service.listener());
    }

    private void count(Termination termination) {
        switch (termination) {
            case PROXY_QUEUE_FULL -> stats.count(Counter.QUEUE_FULL);
            case SERVER_TIMEOUT_QUEUE -> stats.count(Counter.QUEUE_TIMEOUTS);
            case SERVER_REFUSED, SERVER_TIMEOUT_CONNECT, RESOURCE_CONNECT ->
                    stats.count(attempts.server() == null ? Counter.NO_SERVER_UP : Counter.CONNECT_FAILURES);
            default -> { }
        }
        if (attempts.retries() > 0) {
            stats.add(Counter.CONNECT_RETRIES, attempts.retries());
        }
        if (relay != null) {
            stats.add(Counter.CLIENT_BYTES, clientToServer.writtenBytes());
            stats.add(Counter.SERVER_BYTES, serverToClient.writtenBytes());
        }
    }

    private void log(Termination termination) {
        if (service.log() == null) {
            return;
        }
        SessionRecord session = service.log().claim();
        if (session == null) {
            stats.count(Counter.LOG_RECORDS_DROPPED);
            return;
        }
        session.startMs = startMs;
        session.listener = service.listener().name();
        session.client = clientAddress;
        session.pool = service.connector().pool().name();
        session.server = attempts.server() == null ? null : attempts.server().name();
        session.queueNs = attempts.queueNs();
        session.connectNs = relay == null ? -1 : attempts.connectNs();
        session.totalNs = loop.nowNs() - startNs;
        session.clientBytes = relay == null ? 0 : clientToServer.writtenBytes();
        session.serverBytes = relay == null ? 0 : serverToClient.writtenBytes();
        session.retries = attempts.retries();
        session.termination = termination;
        service.log().publish(session);
    }
}
