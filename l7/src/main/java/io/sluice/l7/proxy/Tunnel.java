package io.sluice.l7.proxy;

import io.sluice.core.buffer.Vessels;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.Connection;
import io.sluice.core.relay.Flow;
import io.sluice.core.relay.Relay;
import io.sluice.core.relay.RelayOwner;
import io.sluice.core.relay.SilenceLimits;
import java.nio.ByteBuffer;

/**
 * What an upgrade makes of an exchange: a relay between the client's and the server's connection. Owned by one event
 * loop.
 */
final class Tunnel {

    private final Flow clientToServer;
    private final Flow serverToClient;
    private final Relay relay;

    Tunnel(EventLoop loop, Vessels vessels, Connection client, Connection server, SilenceLimits limits,
           RelayOwner owner) {
        clientToServer = new Flow(vessels, client);
        serverToClient = new Flow(vessels, server);
        relay = new Relay(loop, clientToServer, serverToClient, limits, owner);
    }

    /** Starts with the bytes that have been read already; null if there are none. */
    void start(ByteBuffer fromClient, ByteBuffer fromServer) {
        clientToServer.preload(fromClient);
        serverToClient.preload(fromServer);
        relay.start();
    }

    void abort(Termination cause) {
        relay.abort(cause);
    }

    /** Bytes that the client was sent. */
    long sentBytes() {
        return serverToClient.writtenBytes();
    }
}
