package io.sluice.l4.tcp;

import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.ConnectAttempts;
import io.sluice.core.net.ConnectHandler;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.pool.ClientHash;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.Target;
import io.sluice.core.relay.Flow;
import io.sluice.core.relay.Relay;
import io.sluice.core.relay.RelayOwner;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.WorkerStats;
import io.sluice.core.worker.Admission;
import io.sluice.core.worker.AdmissionHandler;
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
 *   accept ──▶ ADMISSION ── admitted ──▶ CONNECTING ── server connected ──▶ RELAYING ── over ──▶ ENDED
 *   ADMISSION, CONNECTING ── refused, failed, timed out, client gone ──▶ ENDED
 * </pre>
 *
 * <p>What the client sends before its server is connected is read ahead, up to one buffer. A client that ends its
 * direction meanwhile still gets its server, since it may wait for an answer; but one that does so in the queue is
 * taken to have given up, as HAProxy does with {@code abortonclose}.
 *
 * <p>Owned by one event loop.
 */
final class TcpSession extends Session
        implements AdmissionHandler, ConnectHandler, ConnectionOwner, RelayOwner {

    private static final Logger LOG = LoggerFactory.getLogger(TcpSession.class);

    private enum State { ADMISSION, CONNECTING, RELAYING, ENDED }

    private final TcpService service;
    private final EventLoop loop;
    private final WorkerStats stats;
    private final Connection client;
    private final Flow clientToServer;
    private final Admission admission;
    private final ConnectAttempts attempts;
    private final long startMs = System.currentTimeMillis();
    private final long startNs;
    private State state = State.ADMISSION;
    private InetSocketAddress clientAddress;
    private Flow serverToClient;
    private Relay relay;

    TcpSession(TcpService service, SocketChannel channel) {
        this.service = service;
        loop = service.worker().loop();
        stats = service.worker().stats();
        client = new Connection(loop, channel, this);
        clientToServer = new Flow(service.worker().vessels(), client);
        admission = new Admission(service.worker(), service.listener(), client, this);
        attempts = new ConnectAttempts(loop, this);
        startNs = loop.nowNs();
    }

    void start() {
        service.worker().onSessionStart(this);
        clientAddress = client.remoteAddress();
        admission.start();
    }

    @Override
    public Server server() {
        return state == State.RELAYING ? attempts.server() : null;
    }

    @Override
    public boolean isMisplaced() {
        Target target = service.connector().target();
        return state == State.RELAYING && target.wanted() == Wanted.PRIMARY && !target.admits(attempts.server());
    }

    @Override
    public void reconsider() {
        attempts.reconsider();
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
            case ADMISSION -> refuse(Termination.KILLED_CONNECT);
            case CONNECTING -> refuse(attempts.isQueued() ? Termination.KILLED_QUEUE : Termination.KILLED_CONNECT);
            case RELAYING -> relay.abort(Termination.KILLED_DATA);
            case ENDED -> { }
        }
    }

    @Override
    public void onAdmitted(InetSocketAddress admitted, InetSocketAddress connectedTo, ByteBuffer received) {
        state = State.CONNECTING;
        clientAddress = admitted;
        client.owner(this);
        if (received != null) {
            clientToServer.preload(received);
        }
        clientToServer.start();
        int mostRetries = service.connector().pool().config().retries();
        attempts.prepare(service.connector(), mostRetries, admitted, connectedTo);
        attempts.start(ClientHash.of(admitted.getAddress()));
    }

    @Override
    public void onRefused(Termination termination) {
        clientAddress = admission.clientAddress();
        refuse(termination);
    }

    /** The client sends, or has ended, while its server is being connected. */
    @Override
    public void onReady(Connection ready, int readyOps) {
        assert state == State.CONNECTING : state;
        Flow.Outcome outcome = clientToServer.onReadable();
        if (outcome == Flow.Outcome.SOURCE_ABORTED) {
            refuse(attempts.isQueued() ? Termination.CLIENT_ABORT_QUEUE : Termination.CLIENT_ABORT_CONNECT);
        } else if (attempts.isQueued() && clientToServer.state() != Flow.State.OPEN) {
            refuse(Termination.CLIENT_ABORT_QUEUE);
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        LOG.error("a session of listener {} failed", service.listener().name(), failure);
        abort(Termination.INTERNAL_ERROR);
    }

    @Override
    public void onServerConnected(Connection server) {
        state = State.RELAYING;
        serverToClient = new Flow(service.worker().vessels(), server);
        relay = new Relay(loop, client, server, clientToServer, serverToClient, service.silenceLimits(), this);
        relay.start();
    }

    @Override
    public void onServerFailed(Termination termination) {
        refuse(termination);
    }

    @Override
    public void onRelayEnd(Termination termination) {
        if (termination == Termination.SERVER_ABORT_DATA) {
            service.connector().onServerReset(attempts.server());
        }
        attempts.releaseServer();
        end(termination);
    }

    /** Ends a session that has no server yet: at once and by a reset, so that the client is not left hanging. */
    private void refuse(Termination termination) {
        if (state == State.ENDED) {
            return;
        }
        admission.cancel();
        attempts.cancel();
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
            case ROLE_DATA -> stats.count(Counter.ROLE_CHANGE_RESETS);
            default -> { }
        }
        if (attempts.wasHeld()) {
            stats.count(Counter.CLIENTS_HELD);
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
