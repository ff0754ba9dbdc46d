package io.sluice.core.connect;

import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.TcpSocket;
import io.sluice.core.net.TlsFailure;
import io.sluice.core.net.TlsHandler;
import io.sluice.core.net.TlsHandshake;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;

/**
 * One attempt to connect to one server. It succeeds when the server has accepted the connection and, as far as the pool
 * is configured so, was sent the PROXY protocol header and has completed the TLS handshake. A PostgreSQL server is
 * asked for TLS first. The attempt ends if the server loses the wanted role meanwhile.
 *
 * <pre>
 *   CONNECTING ── connected ──▶ (PROXY header) ── no TLS ──────────▶ OVER
 *                                 ├── TLS ──▶ HANDSHAKE ── done ──▶ OVER
 *                                 └── PostgreSQL's ──▶ QUESTION ── agreed ──▶ HANDSHAKE
 *   any ── refused, late, role lost, cancelled ──▶ OVER
 * </pre>
 *
 * <p>Owned by one event loop.
 */
final class ConnectAttempt implements ConnectionOwner, TimerHandler, TlsHandler {

    /** Told once how the attempt ends, unless it cancels the attempt. Owns the server's slot in all cases. */
    interface Owner {

        /** The owner takes the connection over. */
        void onConnected(Connection connection);

        /** The attempt has failed, and its connection is closed. */
        void onAttemptFailed(Termination termination);

        /** The same because the server has lost the wanted role. */
        void onServerUnwanted();

        /** A bug, either here or in the new owner of the connection. */
        void onAttemptBroken(Connection connection, RuntimeException failure);
    }

    private enum State { CONNECTING, QUESTION, HANDSHAKE, OVER }

    /** The reason that a server without TLS is counted by. */
    private static final String WITHOUT_TLS = "server-without-tls";

    private final EventLoop loop;
    private final Connector connector;
    private final Server server;
    private final Traffic traffic;
    private final Owner owner;
    private final TcpSocket socket;
    private final Connection connection;
    private final long startedNs;
    private final Timer timer = new Timer(this);
    private State state = State.CONNECTING;
    /** The PROXY protocol header; null if none is sent. */
    private ByteBuffer proxyHeader;
    /** Null before it begins. */
    private TlsHandshake handshake;

    /** @param socket opened by the connector */
    ConnectAttempt(Connector connector, Server server, TcpSocket socket, Owner owner) {
        this.connector = connector;
        this.server = server;
        this.socket = socket;
        this.owner = owner;
        loop = connector.loop();
        traffic = server.traffic().of(loop.index());
        connection = Connection.toServer(loop, socket, this);
        connection.countFor(traffic);
        startedNs = loop.nowNs();
    }

    /** Begins. The owner may be told of the end before this returns. @param header of the PROXY protocol, or null */
    void start(ByteBuffer header) {
        proxyHeader = header;
        try {
            if (connection.connect(server.address())) {
                onReached();
            } else {
                limitTime();
            }
        } catch (BindException e) {
            // All local ports towards this server are taken (connect(2), EADDRNOTAVAIL), which is not the server's
            // fault.
            connector.onOwnFailure(server, e);
            cancel();
            owner.onAttemptFailed(Termination.RESOURCE_CONNECT);
        } catch (IOException e) {
            fail(Termination.SERVER_REFUSED);
        }
    }

    /** Gives up silently. */
    void cancel() {
        end();
        connection.abort();
    }

    @Override
    public void onReady(Connection ready, int readyOps) {
        switch (state) {
            case CONNECTING -> finishConnect();
            case QUESTION -> readAnswer();
            case HANDSHAKE, OVER -> { }
        }
    }

    private void finishConnect() {
        try {
            if (connection.finishConnect()) {
                onReached();
            }
        } catch (IOException e) {
            fail(Termination.SERVER_REFUSED);
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        owner.onAttemptBroken(failed, failure);
    }

    @Override
    public void onTimer(long nowNs) {
        fail(Termination.SERVER_TIMEOUT_CONNECT);
    }

    private void onReached() {
        begin();
        // In this cycle the client may have its turn yet; then its first bytes carry the handshake's ACK.
        if (socket.delaysAck()) {
            loop.defer(socket::delayAckNoMore);
        }
    }

    private void begin() {
        if (!connector.speaksTls()) {
            connector.onConnected(server);
        }
        if (!connector.target().admits(server)) {
            leave();
        } else if (!sendProxyHeader()) {
            fail(Termination.SERVER_REFUSED);
        } else if (!connector.speaksTls()) {
            succeed();
        } else if (connector.asksForTls()) {
            ask();
        } else {
            shakeHands();
        }
    }

    /** A new socket's send buffer is empty and holds far more than the header: a partial write means it is broken. */
    private boolean sendProxyHeader() {
        if (proxyHeader == null) {
            return true;
        }
        connection.write(proxyHeader);
        return !proxyHeader.hasRemaining();
    }

    private void ask() {
        state = State.QUESTION;
        limitTime();
        if (PostgresTlsRequest.send(connection)) {
            connection.wantRead(true);
        } else {
            fail(Termination.SERVER_REFUSED);
        }
    }

    private void readAnswer() {
        PostgresTlsRequest.Answer answer = PostgresTlsRequest.receive(connection);
        switch (answer) {
            case NONE -> { }
            case YES -> shakeHands();
            case NO, TOO_MUCH, OTHER -> {
                connector.onTlsFailure(server, answer.reason());
                fail(Termination.SERVER_REFUSED, WITHOUT_TLS);
            }
            case GONE -> {
                connector.onTlsFailure(server, answer.reason());
                fail(Termination.SERVER_REFUSED);
            }
        }
    }

    /** Connecting, PostgreSQL's question about TLS and the handshake share the connect timeout. */
    private void limitTime() {
        loop.timers().schedule(timer, startedNs + connector.config().timeouts().connect().toNanos());
    }

    private void shakeHands() {
        state = State.HANDSHAKE;
        loop.timers().cancel(timer);
        handshake = connector.tls().handshake(connection, this);
        handshake.start(server.config().address(), startedNs);
    }

    @Override
    public void onTlsEstablished() {
        connector.onConnected(server);
        if (connector.target().admits(server)) {
            succeed();
        } else {
            leave();
        }
    }

    @Override
    public void onTlsFailed(TlsFailure failure, String reason) {
        connector.onTlsFailure(server, reason);
        fail(failure == TlsFailure.LATE ? Termination.SERVER_TIMEOUT_CONNECT : Termination.SERVER_REFUSED);
    }

    private void succeed() {
        end();
        traffic.count(TrafficCount.CONNECTIONS);
        traffic.record(Latency.CONNECT, loop.nowNs() - startedNs);
        owner.onConnected(connection);
    }

    private void fail(Termination termination) {
        fail(termination, termination.label());
    }

    private void fail(Termination termination, String counted) {
        cancel();
        connector.onConnectFailed(server);
        traffic.errors().count(counted);
        owner.onAttemptFailed(termination);
    }

    private void leave() {
        cancel();
        owner.onServerUnwanted();
    }

    private void end() {
        state = State.OVER;
        loop.timers().cancel(timer);
        if (handshake != null) {
            handshake.cancel();
            handshake = null;
        }
    }
}
