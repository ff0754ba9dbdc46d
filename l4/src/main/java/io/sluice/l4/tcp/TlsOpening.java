package io.sluice.l4.tcp;

import io.sluice.core.log.SessionRecord;
import io.sluice.core.log.Termination;
import io.sluice.core.net.Connection;
import io.sluice.core.worker.FirstBytes;
import io.sluice.core.worker.FirstBytesHandler;
import io.sluice.l4.tls.ClientHello;
import java.nio.ByteBuffer;

/**
 * Routes a client by its ClientHello. A client that sends something else, or nothing in time, gets the route without
 * conditions; protocols in which the server speaks first thus work, after that delay. If the listener has TLS, it ends
 * here except for routes that pass it on.
 *
 * <p>Owned by one event loop.
 */
final class TlsOpening implements Opening, FirstBytesHandler {

    private final TcpSession session;
    private final TcpService service;
    private final TcpRouter router;
    private final FirstBytes firstBytes;
    private final TlsEnding ending;
    private String serverName;

    TlsOpening(TcpSession session, TcpService service) {
        this.session = session;
        this.service = service;
        router = service.router();
        ending = new TlsEnding(session, service, route -> session.connect(route, null));
        firstBytes = FirstBytes.ofClient(service.worker(), session.connection(), this);
    }

    @Override
    public void start(ByteBuffer received) {
        firstBytes.start(received, service.inspectNs());
    }

    @Override
    public void onBytes(ByteBuffer received) {
        ClientHello hello = service.hello();
        switch (hello.parse(received)) {
            case NEEDS_MORE -> { }
            case NOT_TLS -> follow(router.unconditional(), Termination.PROXY_DENIED);
            case COMPLETE -> {
                serverName = hello.serverName();
                follow(router.match(hello), Termination.PROXY_DENIED);
            }
        }
    }

    @Override
    public void onNoMore(NoMore cause) {
        switch (cause) {
            case ENDED -> follow(router.unconditional(), Termination.CLIENT_ABORT_REQUEST);
            case LATE -> follow(router.unconditional(), Termination.CLIENT_TIMEOUT_REQUEST);
            case FULL -> follow(router.unconditional(), Termination.PROXY_DENIED);
            case ABORTED -> session.giveUp(Termination.CLIENT_ABORT_REQUEST);
            case FAILED -> session.giveUp(Termination.INTERNAL_ERROR);
        }
    }

    @Override
    public void onServerConnected(Connection server) {
        session.relay(null, null, null);
    }

    @Override
    public void end() {
        firstBytes.cancel();
        ending.cancel();
    }

    @Override
    public void describe(SessionRecord record) {
        record.sni = serverName;
    }

    private void follow(TcpRoute route, Termination withoutRoute) {
        if (route == null) {
            session.refuse(withoutRoute, Refusal.NO_ROUTE);
        } else if (ending.isDue(route)) {
            ending.begin(route, firstBytes.end());
        } else {
            session.connect(route, firstBytes.end());
        }
    }
}
