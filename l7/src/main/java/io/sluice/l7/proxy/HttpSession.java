package io.sluice.l7.proxy;

import io.sluice.core.log.Termination;
import io.sluice.core.net.Connection;
import io.sluice.core.net.TcpSocket;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Counter;
import io.sluice.core.worker.Admission;
import io.sluice.core.worker.AdmissionHandler;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Session;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * One client of an HTTP listener, as its worker sees it: runs the admission, then the {@link ClientConnection} until
 * the client or the worker ends it. A reload may replace the session's service between two requests; a request that
 * has begun keeps its service.
 *
 * <p>Owned by one event loop.
 */
final class HttpSession extends Session implements AdmissionHandler {

    private final ClientConnection connection;
    private final Admission admission;
    private HttpService service;
    /** Whether the service serves no further request: it has been replaced, or its listener is gone. */
    private boolean serviceEnds;
    /** Null before the client is admitted. */
    private ClientIdentity identity;

    HttpSession(HttpService service, TcpSocket client) {
        this.service = service;
        connection = new ClientConnection(this, client);
        admission = new Admission(service.worker(), service.listener(), this, socket(), this);
    }

    void start() {
        service.enter();
        service.worker().onSessionStart(this);
        admission.start();
    }

    /** The service that serves the client at present. */
    HttpService service() {
        return service;
    }

    ClientIdentity identity() {
        return identity;
    }

    // ---- admission ----

    @Override
    public void onAdmitted(InetSocketAddress client, InetSocketAddress listener, ByteBuffer behindHeader) {
        identity = ClientIdentity.of(client, listener, isTrusted(client), socket().isSecure(), certificate());
        connection.begin(behindHeader);
    }

    @Override
    public void onRefused(Termination termination, String refusal) {
        reset();
    }

    @Override
    public void onPlainClient() {
        connection.refusePlainClient();
    }

    // ---- what the worker asks ----

    @Override
    public Listener listener() {
        return service.listener();
    }

    @Override
    public InetSocketAddress client() {
        return identity == null ? socket().remoteAddress() : identity.address();
    }

    @Override
    public String pool() {
        Exchange exchange = connection.exchange();
        return exchange == null ? null : exchange.pool();
    }

    @Override
    public String phase() {
        return connection.phase();
    }

    @Override
    public int requests() {
        return connection.requests();
    }

    @Override
    public Server server() {
        Exchange exchange = connection.exchange();
        return exchange == null ? null : exchange.connectedServer();
    }

    @Override
    public boolean prefers(Server other) {
        Exchange exchange = connection.exchange();
        return exchange != null && exchange.prefers(other);
    }

    // ---- what the worker wants ----

    @Override
    public void abort(Termination termination) {
        Exchange exchange = connection.exchange();
        if (exchange != null) {
            exchange.abort(termination);
        } else {
            reset();
        }
    }

    @Override
    public void kill() {
        Exchange exchange = connection.exchange();
        if (connection.isInOrder()) {
            close();
        } else if (exchange != null) {
            exchange.kill();
        } else {
            reset();
        }
    }

    @Override
    public void drain() {
        connection.endIfIdleFor(service.worker().mostIdleNs());
    }

    @Override
    public void giveWay() {
        if (connection.isBetweenRequests()) {
            service.worker().stats().count(Counter.IDLE_CLIENTS_CLOSED);
            close();
        }
    }

    @Override
    public void onSnapshot() {
        if (connection.exchange() == null) {
            changeService();
        } else {
            serviceEnds = true;
        }
    }

    /** An exchange has ended. @return whether another one may follow */
    boolean onExchangeEnd() {
        if (serviceEnds) {
            changeService();
        }
        return goesOn();
    }

    /**
     * Whether another exchange may follow. If clients are told that their connections end, one that was promised
     * another exchange before gets it: its request may be on its way.
     */
    boolean goesOn() {
        return !serviceEnds && !service.endsIdleConnections();
    }

    /**
     * Moves the session to the service's successor; if there is none, the connection ends. A client that has sent no
     * request yet stays until its first one is served, since that may already be on its way.
     */
    private void changeService() {
        HttpService next = service.current();
        serviceEnds = next == null;
        if (next == null) {
            connection.endIfIdleFor(0);
        } else if (next != service) {
            service.leave();
            service = next;
            service.enter();
            identity = identity == null ? null : identity.as(isTrusted(identity.address()), certificate());
        }
    }

    /** Ends the session. */
    void close() {
        end(false);
    }

    /** Ends the session with a reset, so that the client sees that a message was cut short. */
    void reset() {
        end(true);
    }

    private void end(boolean abortively) {
        if (connection.isClosed()) {
            return;
        }
        admission.cancel();
        connection.close(abortively);
        service.worker().onSessionEnd(this);
        service.leave();
    }

    private Connection socket() {
        return connection.connection();
    }

    private CertificateFields.Line[] certificate() {
        return service.rules().certificateFields().lines(socket().tlsSession());
    }

    private boolean isTrusted(InetSocketAddress client) {
        return service.rules().trusted().contains(client.getAddress());
    }
}
