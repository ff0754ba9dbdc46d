package io.sluice.l4.tcp;

import io.sluice.core.connect.PostgresTlsRequest;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.log.Termination;
import io.sluice.core.net.Connection;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Counter;
import io.sluice.core.worker.FirstBytes;
import io.sluice.core.worker.FirstBytesHandler;
import io.sluice.l4.postgres.BackendKey;
import io.sluice.l4.postgres.ErrorResponse;
import io.sluice.l4.postgres.StartupMessage;
import io.sluice.l4.postgres.StartupPacket;
import io.sluice.l4.tls.ClientHello;
import java.nio.ByteBuffer;

/**
 * Opens a connection of a PostgreSQL client: reads its packets up to the one that begins a session, or its ClientHello,
 * and answers requests for TLS before that. If routes depend on the ClientHello, Sluice itself agrees to TLS, as the
 * client sends the ClientHello only then, and afterwards obtains the server's agreement. If the listener has TLS,
 * Sluice agrees, too, and TLS ends here; servers need none. If only the servers have TLS, the client is told that there
 * is none. Otherwise the server decides.
 *
 * <pre>
 *   PACKET ── SSLRequest, agreed to for a route or to end TLS here ──▶ HELLO ── ClientHello ──▶ CONNECTING
 *   PACKET, HELLO ── ClientHello, and TLS ends here ──▶ HANDSHAKE ── done ──▶ PACKET, in TLS
 *   PACKET ── SSLRequest, not agreed to as it is Sluice that speaks TLS with servers ──▶ PACKET
 *   PACKET, PLAIN ── GSSENCRequest, never agreed to ──▶ the same
 *   PACKET ── SSLRequest, ClientHello, StartupMessage, CancelRequest, anything else ──▶ CONNECTING
 *   CONNECTING ── TLS is in question ──▶ QUESTION ── agreed, or the client is to judge the answer ──▶ RELAYED
 *   CONNECTING ── else ──▶ RELAYED
 *   QUESTION ── not agreed, which the client is told ──▶ PLAIN, the server waits
 *   PLAIN ── StartupMessage, another SSLRequest, anything else ──▶ RELAYED
 *   PLAIN ── CancelRequest ──▶ CONNECTING, to the server of its key
 * </pre>
 *
 * <p>A StartupMessage names the client's user in the log. After one, the server's answer is watched for the session's
 * key, by which a CancelRequest finds its server ({@link io.sluice.l4.postgres.CancelKeys}).
 *
 * <p>Owned by one event loop.
 */
final class PostgresOpening implements Opening {

    private enum State { PACKET, HELLO, HANDSHAKE, CONNECTING, QUESTION, PLAIN, RELAYED }

    private final TcpSession session;
    private final TcpService service;
    private final TcpRouter router;
    private final FirstBytes fromClient;
    private final TlsEnding ending;
    private final StartupPacket packet = new StartupPacket();
    private State state = State.PACKET;
    /** The last packet that was read whole; OTHER if the client's bytes are no packet. */
    private StartupPacket.Kind last = StartupPacket.Kind.INCOMPLETE;
    private String serverName;
    private StartupMessage startup;
    /** Null until a server is connected. */
    private FirstBytes fromServer;
    /** The session's key; null if none is known. */
    private BackendKey key;

    PostgresOpening(TcpSession session, TcpService service) {
        this.session = session;
        this.service = service;
        router = service.router();
        ending = new TlsEnding(session, service, _ -> awaitPacketInTls());
        fromClient = FirstBytes.ofClient(service.worker(), session.connection(), new ClientBytes());
    }

    @Override
    public void start(ByteBuffer received) {
        fromClient.start(received, service.inspectNs());
    }

    @Override
    public void onServerConnected(Connection server) {
        fromServer = FirstBytes.ofServer(service.worker(), server, new ServerBytes());
        if (last == StartupPacket.Kind.TLS_REQUEST) {
            ask(server);
        } else {
            relay(null);
        }
    }

    @Override
    public void end() {
        fromClient.cancel();
        ending.cancel();
        if (fromServer != null) {
            fromServer.cancel();
        }
        if (key != null) {
            session.route().cancelKeys().remove(key, session.server());
        }
    }

    @Override
    public void describe(SessionRecord record) {
        record.sni = serverName;
        if (startup != null) {
            record.user = startup.user();
            record.database = startup.database();
            record.application = startup.application();
        }
    }

    private final class ClientBytes implements FirstBytesHandler {

        @Override
        public void onBytes(ByteBuffer received) {
            boolean isHello = state == State.HELLO || received.get(received.position()) == ClientHello.HANDSHAKE;
            if (isHello && !ending.hasEntered()) {
                onHello(received);
            } else {
                onPacket(received);
            }
        }

        @Override
        public void onNoMore(NoMore cause) {
            switch (cause) {
                case ENDED -> onClientEnd();
                case ABORTED -> session.giveUp(Termination.CLIENT_ABORT_REQUEST);
                case LATE -> session.giveUp(Termination.CLIENT_TIMEOUT_REQUEST);
                case FULL -> onNoHello();
                case FAILED -> session.giveUp(Termination.INTERNAL_ERROR);
            }
        }
    }

    private final class ServerBytes implements FirstBytesHandler {

        @Override
        public void onBytes(ByteBuffer received) {
            if (state != State.QUESTION) {
                // The server speaks unasked, for example to say that it shuts down: the client gets it.
                relay(fromServer.end());
            } else if (sluiceAgreesToTls()) {
                onAnswerToSluice(received);
            } else {
                onAnswerToClient(received);
            }
        }

        @Override
        public void onNoMore(NoMore cause) {
            switch (cause) {
                case ENDED, ABORTED, FULL -> session.giveUp(Termination.SERVER_ABORT_RESPONSE);
                case LATE -> onServerLate();
                case FAILED -> session.giveUp(Termination.INTERNAL_ERROR);
            }
        }
    }

    private void onPacket(ByteBuffer received) {
        StartupPacket.Kind kind = packet.parse(received);
        if (kind == StartupPacket.Kind.INCOMPLETE) {
            return;
        }
        last = kind;
        switch (kind) {
            case GSS_REQUEST -> onGssRequest(received);
            case TLS_REQUEST -> onTlsRequest(received);
            case CANCEL -> onCancel(packet.cancelKey());
            case STARTUP -> onStartup(packet.startup());
            case OTHER -> follow(routeOfPackets());
            case INCOMPLETE -> throw new AssertionError();
        }
    }

    private void onGssRequest(ByteBuffer received) {
        if (takeRequest(received)) {
            answer(PostgresTlsRequest.NO);
        }
    }

    private void onTlsRequest(ByteBuffer received) {
        if (ending.hasEntered()) {
            session.refuse(Termination.PROXY_DENIED, Refusal.TLS_TWICE);
        } else if (state == State.PLAIN) {
            // The server has refused a first request; let it answer the second one itself.
            relay(null);
        } else if (takeRequest(received)) {
            answerTlsRequest();
        }
    }

    private void answerTlsRequest() {
        TcpRoute only = router.unconditional();
        if (sluiceAgreesToTls()) {
            if (answer(PostgresTlsRequest.YES)) {
                state = State.HELLO;
            }
        } else if (only != null && only.connector().speaksTls()) {
            answer(PostgresTlsRequest.NO);
        } else {
            follow(only);
        }
    }

    /** Whether Sluice agrees to TLS by itself instead of asking the server. */
    private boolean sluiceAgreesToTls() {
        return router.needsHello() || ending.isPossible();
    }

    /**
     * The route of a client whose packets can be read: by its ClientHello if TLS ends here, else the unconditional one,
     * which may be null.
     */
    private TcpRoute routeOfPackets() {
        return ending.hasEntered() ? ending.route() : router.unconditional();
    }

    /** A client without the TLS that it needs gets an ErrorResponse that its user can read. */
    private void onStartup(StartupMessage message) {
        startup = message;
        TcpRoute route = routeOfPackets();
        if (route != null && !ending.isDue(route)) {
            follow(route);
            return;
        }
        session.connection().write(ByteBuffer.wrap(ErrorResponse.tlsRequired()));
        session.dismiss(route == null ? Refusal.NO_ROUTE : Refusal.NOT_TLS);
    }

    /**
     * Takes a request for encryption. Refuses bytes behind it, which would be plain text taken for encrypted
     * (CVE-2021-23214).
     */
    private boolean takeRequest(ByteBuffer received) {
        if (received.remaining() > StartupPacket.REQUEST_BYTES) {
            session.refuse(Termination.PROXY_DENIED, Refusal.EARLY_BYTES);
            return false;
        }
        received.position(received.limit());
        return true;
    }

    private void onHello(ByteBuffer received) {
        switch (service.hello().parse(received)) {
            case NEEDS_MORE -> { }
            case NOT_TLS -> onNoHello();
            case COMPLETE -> {
                serverName = service.hello().serverName();
                TcpRoute route = router.match(service.hello());
                // The client's TLS cannot be passed on within Sluice's own TLS: no PostgreSQL server expects that.
                follow(route != null && !ending.isDue(route) && route.connector().speaksTls() ? null : route);
            }
        }
    }

    /** The bytes are unknown or too many: leaves them to the server, unless Sluice has agreed to TLS. */
    private void onNoHello() {
        if (state == State.HELLO) {
            session.refuse(Termination.PROXY_DENIED, Refusal.NO_HELLO);
        } else {
            last = StartupPacket.Kind.OTHER;
            follow(routeOfPackets());
        }
    }

    private void onClientEnd() {
        if (state == State.PLAIN) {
            relay(null);
        } else {
            session.giveUp(Termination.CLIENT_ABORT_REQUEST);
        }
    }

    private void follow(TcpRoute route) {
        if (route == null) {
            session.refuse(Termination.PROXY_DENIED, Refusal.NO_ROUTE);
        } else if (ending.isDue(route)) {
            state = State.HANDSHAKE;
            ending.begin(route, fromClient.end());
        } else if (state == State.PLAIN) {
            relay(null);
        } else {
            state = State.CONNECTING;
            session.connect(route, fromClient.end());
        }
    }

    private void awaitPacketInTls() {
        state = State.PACKET;
        fromClient.start(null, service.inspectNs());
    }

    private void onCancel(BackendKey whose) {
        for (TcpRoute route : router.routes()) {
            Server holder = route.cancelKeys().find(whose);
            if (holder != null) {
                passCancel(route, holder);
                return;
            }
        }
        Server only = router.onlyServer();
        if (only == null || only.address() == null) {
            // Like a server, gives no hint whether there is such a session.
            session.dismiss(Refusal.UNKNOWN_CANCEL_KEY);
        } else {
            passCancel(router.routes().getFirst(), only);
        }
    }

    private void passCancel(TcpRoute route, Server holder) {
        service.worker().stats().count(Counter.CANCELS_PASSED);
        if (state == State.PLAIN) {
            fromServer.cancel();
        }
        state = State.CONNECTING;
        session.connectTo(route, holder, fromClient.end());
    }

    private void ask(Connection server) {
        state = State.QUESTION;
        if (PostgresTlsRequest.send(server)) {
            fromServer.start(null, session.route().connector().config().timeouts().connect().toNanos());
        } else {
            session.giveUp(Termination.SERVER_ABORT_RESPONSE);
        }
    }

    /** Sluice has agreed to TLS already, so the session needs the server's agreement. */
    private void onAnswerToSluice(ByteBuffer answer) {
        if (is(PostgresTlsRequest.YES, answer)) {
            relay(null);
        } else {
            session.refuse(Termination.PROXY_REFUSED_RESPONSE, Refusal.SERVER_WITHOUT_TLS);
        }
    }

    private void onAnswerToClient(ByteBuffer answer) {
        if (session.hasReadAhead()) {
            session.refuse(Termination.PROXY_DENIED, Refusal.EARLY_BYTES);
        } else if (is(PostgresTlsRequest.NO, answer) && !session.clientHasEnded()) {
            fromServer.cancel();
            if (answer(PostgresTlsRequest.NO)) {
                awaitNextPacket();
            }
        } else {
            relay(fromServer.end());
        }
    }

    private static boolean is(byte yesOrNo, ByteBuffer answer) {
        return answer.remaining() == 1 && answer.get(answer.position()) == yesOrNo;
    }

    private void awaitNextPacket() {
        state = State.PLAIN;
        session.onReopened();
        fromServer.start(null, service.inspectNs());
        fromClient.start(null, service.inspectNs());
    }

    /** While the client's next packet is awaited, the server has as much time as the client. */
    private void onServerLate() {
        if (state == State.QUESTION) {
            session.giveUp(Termination.SERVER_TIMEOUT_RESPONSE);
        } else {
            fromServer.start(fromServer.end(), service.inspectNs());
        }
    }

    /** Answers the client's request with yes or no; false if the client is gone. */
    private boolean answer(byte yesOrNo) {
        if (session.connection().write(ByteBuffer.wrap(new byte[] {yesOrNo})) == 1) {
            return true;
        }
        session.giveUp(Termination.CLIENT_ABORT_REQUEST);
        return false;
    }

    /** @param serverBytes bytes for the client, or null; others that came from the server are dropped */
    private void relay(ByteBuffer serverBytes) {
        state = State.RELAYED;
        fromServer.cancel();
        session.relay(fromClient.end(), serverBytes,
                startup == null ? null : new StartupWatch(session.onlyServerIsSecure(), this::onKey));
    }

    private void onKey(BackendKey found) {
        key = found;
        session.route().cancelKeys().add(found, session.server());
    }
}
