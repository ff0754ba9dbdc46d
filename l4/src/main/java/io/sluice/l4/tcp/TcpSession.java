package io.sluice.l4.tcp;

import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.connect.ConnectAttempts;
import io.sluice.core.connect.ConnectHandler;
import io.sluice.core.connect.Connector;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.TcpSocket;
import io.sluice.core.pool.ClientHash;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.Target;
import io.sluice.core.relay.Flow;
import io.sluice.core.relay.FlowWatch;
import io.sluice.core.relay.Relay;
import io.sluice.core.relay.RelayOwner;
import io.sluice.core.worker.Admission;
import io.sluice.core.worker.AdmissionHandler;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Session;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's session at a TCP listener: admits the client, finds its route, connects a server, relays until the end,
 * logs. An {@link Opening} handles the client's protocol before the relay.
 *
 * <pre>
 *   accept ──▶ ADMISSION ── admitted ──▶ OPENING ── route known ──▶ CONNECTING ── server connected ──▶ RELAYING
 *                                          ▲                           │
 *                                          └─── more to be learned ────┘
 *   OPENING ── all learned while the server waits ──▶ RELAYING
 *   RELAYING ── over ──▶ ENDED
 *   ADMISSION, OPENING, CONNECTING ── refused, failed, timed out, client gone ──▶ ENDED
 * </pre>
 *
 * <p>What the client sends before its server is connected is read ahead, up to one buffer. A client that ends its
 * direction meanwhile still gets its server, since it may wait for an answer. But a client that has to queue for a
 * server and has ended its direction is taken to have given up, as HAProxy does with {@code abortonclose}.
 *
 * <p>All that ends a session before the relay calls {@link #giveUp}; later it is the relay that ends.
 *
 * <p>Owned by one event loop.
 */
final class TcpSession extends Session
        implements AdmissionHandler, ConnectHandler, ConnectionOwner, RelayOwner {

    private static final Logger LOG = LoggerFactory.getLogger(TcpSession.class);

    private enum State { ADMISSION, OPENING, CONNECTING, RELAYING, ENDED }

    private final TcpService service;
    private final EventLoop loop;
    private final Connection client;
    private final Flow clientToServer;
    private final Admission admission;
    private final Opening opening;
    private final ConnectAttempts attempts;
    private final SessionJournal journal;
    private State state = State.ADMISSION;
    private InetSocketAddress listenerAddress;
    /** Null until a route is chosen. */
    private Connector connector;
    /** Null until it is connected. */
    private Connection server;
    private Flow serverToClient;
    private Relay relay;

    TcpSession(TcpService service, TcpSocket socket) {
        this.service = service;
        loop = service.worker().loop();
        client = new Connection(loop, socket, this);
        client.countFor(service.traffic());
        clientToServer = new Flow(service.worker().vessels(), client);
        admission = new Admission(service.worker(), service.listener(), this, client, this);
        attempts = new ConnectAttempts(loop, service.worker().stats(), this);
        journal = new SessionJournal(service, attempts);
        opening = service.newOpening(this);
    }

    void start() {
        service.enter();
        service.worker().onSessionStart(this);
        journal.client(client.remoteAddress());
        admission.start();
    }

    @Override
    public Listener listener() {
        return service.listener();
    }

    @Override
    public InetSocketAddress client() {
        return journal.client();
    }

    @Override
    public String pool() {
        return route() == null ? null : route().connector().pool().name();
    }

    @Override
    public String phase() {
        return switch (state) {
            case ADMISSION -> "admission";
            case OPENING -> "opening";
            case CONNECTING -> attempts.isQueued() ? "queued" : "connecting";
            case RELAYING -> "relaying";
            case ENDED -> "ended";
        };
    }

    @Override
    public long clientBytes() {
        return clientToServer.writtenBytes();
    }

    @Override
    public long serverBytes() {
        return serverToClient == null ? 0 : serverToClient.writtenBytes();
    }

    @Override
    public Server server() {
        return server == null ? null : attempts.server();
    }

    @Override
    public boolean isMisplaced() {
        if (state != State.RELAYING) {
            return false;
        }
        Target target = connector.target();
        return target.wanted() == Wanted.PRIMARY && !target.admits(attempts.server());
    }

    @Override
    public boolean prefers(Server other) {
        return (attempts.isConnecting() || state != State.ENDED && server != null) && attempts.prefers(other);
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
            giveUp(termination);
        }
    }

    @Override
    public void kill() {
        abort(switch (state) {
            case ADMISSION, OPENING -> Termination.KILLED_CONNECT;
            case CONNECTING -> attempts.isQueued() ? Termination.KILLED_QUEUE : Termination.KILLED_CONNECT;
            case RELAYING, ENDED -> Termination.KILLED_DATA;
        });
    }

    @Override
    public void onAdmitted(InetSocketAddress admitted, InetSocketAddress connectedTo, ByteBuffer received) {
        state = State.OPENING;
        journal.client(admitted);
        listenerAddress = connectedTo;
        opening.start(received);
    }

    Connection connection() {
        return client;
    }

    /** The chosen route; null until then, unless the listener has only one. */
    TcpRoute route() {
        return journal.route();
    }

    /**
     * Connects the client to a server of the route's pool.
     *
     * @param received what has been read from the client, in a buffer that the session takes over; null if nothing
     */
    void connect(TcpRoute chosen, ByteBuffer received) {
        prepare(chosen, chosen.connector(), received);
        attempts.start(connector.config().retries());
    }

    /** The same with this very server. A server that is connected already is released. */
    void connectTo(TcpRoute chosen, Server only, ByteBuffer received) {
        releaseServer();
        prepare(chosen, chosen.anyRoleConnector(), received);
        connector.pool().acquire(only);
        attempts.startOn(only, 0);
    }

    private void prepare(TcpRoute chosen, Connector to, ByteBuffer received) {
        state = State.CONNECTING;
        journal.route(chosen);
        connector = to;
        client.owner(this);
        clientToServer.preload(received);
        clientToServer.start();
        attempts.prepare(to, ClientHash.of(client().getAddress()), client(), listenerAddress);
    }

    /** Whether the client has sent bytes that its server has yet to get. */
    boolean hasReadAhead() {
        return clientToServer.inFlight() != null;
    }

    boolean clientHasEnded() {
        return clientToServer.state() != Flow.State.OPEN;
    }

    /** The opening goes on reading from the client, while a server is connected already. */
    void onReopened() {
        state = State.OPENING;
    }

    @Override
    public void onRefused(Termination termination, String refusal) {
        journal.client(admission.clientAddress());
        journal.noteRefusal(refusal);
        giveUp(termination);
    }

    /** The client has sent bytes, or ended its direction, while its server is being connected. */
    @Override
    public void onReady(Connection ready, int readyOps) {
        assert state == State.CONNECTING : state;
        onReadAhead(clientToServer.onReadable());
    }

    private void onReadAhead(Flow.Outcome outcome) {
        if (outcome == Flow.Outcome.SOURCE_ABORTED) {
            giveUp(attempts.isQueued() ? Termination.CLIENT_ABORT_QUEUE : Termination.CLIENT_ABORT_CONNECT);
        } else if (attempts.isQueued()) {
            onQueued();
        }
    }

    @Override
    public void onQueued() {
        if (clientHasEnded()) {
            giveUp(Termination.CLIENT_ABORT_QUEUE);
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        LOG.error("a session of listener {} failed", service.listener().name(), failure);
        abort(Termination.INTERNAL_ERROR);
    }

    @Override
    public void onServerConnected(Connection connected) {
        server = connected;
        server.timeFirstByte();
        opening.onServerConnected(connected);
    }

    /** Whether the server's connection is encrypted and the client's is not. */
    boolean onlyServerIsSecure() {
        return server.isSecure() && !client.isSecure();
    }

    /**
     * Begins the relay between the client and its server.
     *
     * @param fromClient bytes read from the client by the opening, in a buffer that the session takes over; null if
     *                   none
     * @param fromServer bytes read from the server, likewise
     * @param watch      sees what the server sends from now on; null if nobody does
     */
    void relay(ByteBuffer fromClient, ByteBuffer fromServer, FlowWatch watch) {
        state = State.RELAYING;
        serverToClient = new Flow(service.worker().vessels(), server);
        clientToServer.preload(fromClient);
        serverToClient.preload(fromServer);
        if (isMisplaced()) {
            // The server has lost its role during the opening.
            serverToClient.close();
            giveUp(Termination.ROLE_DATA);
            return;
        }
        if (watch != null) {
            serverToClient.watch(watch);
        }
        journal.flows(clientToServer, serverToClient);
        relay = new Relay(loop, clientToServer, serverToClient, route().silenceLimits(), this);
        relay.start();
    }

    @Override
    public void onServerFailed(Termination termination) {
        giveUp(termination);
    }

    @Override
    public void onRelayEnd(Termination termination) {
        if (termination == Termination.SERVER_ABORT_DATA) {
            connector.onServerReset(attempts.server());
        }
        attempts.releaseServer();
        end(termination);
    }

    /** Gives a session up because of what was sent, or missing, at its start. */
    void refuse(Termination termination, Refusal reason) {
        journal.countRefusal(reason);
        giveUp(termination);
    }

    /** The same with a clean close instead of a reset, so that bytes already written still reach the client. */
    void dismiss(Refusal reason) {
        client.close();
        refuse(Termination.PROXY_DENIED, reason);
    }

    /** Ends a session before its relay, at once and by a reset, so that the client does not wait in vain. */
    void giveUp(Termination termination) {
        if (state == State.ENDED) {
            return;
        }
        admission.cancel();
        attempts.cancel();
        clientToServer.close();
        client.abort();
        releaseServer();
        end(termination);
    }

    /** Releases the connected server if there is one, before the relay has begun. */
    private void releaseServer() {
        if (server != null) {
            server.close();
            server = null;
            attempts.releaseServer();
        }
    }

    private void end(Termination termination) {
        state = State.ENDED;
        opening.end();
        journal.end(termination, opening);
        service.worker().onSessionEnd(this);
        service.leave();
    }
}
