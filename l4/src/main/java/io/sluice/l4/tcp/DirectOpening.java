package io.sluice.l4.tcp;

import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/** Sends every client to the only route, without inspecting its bytes. Owned by one event loop. */
final class DirectOpening implements Opening {

    private final TcpSession session;
    private final TcpRoute route;

    DirectOpening(TcpSession session, TcpRoute route) {
        this.session = session;
        this.route = route;
    }

    @Override
    public void start(ByteBuffer received) {
        session.connect(route, received);
    }

    @Override
    public void onServerConnected(Connection server) {
        session.relay(null, null, null);
    }
}
