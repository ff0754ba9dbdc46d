package io.sluice.l4.tcp;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.BufferWaiter;
import io.sluice.core.log.Termination;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.relay.Flow;
import io.sluice.core.relay.Relay;
import io.sluice.l4.postgres.BackendKey;
import io.sluice.l4.postgres.BackendStartup;
import io.sluice.l4.postgres.SaslOffer;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.function.Consumer;

/**
 * Stands between a PostgreSQL server's connection and its relay until the session has started, to see its key go by;
 * and if only the server's side is encrypted, to take out of the server's offer what is for clients with TLS. It reads
 * in the relay's place and leaves all else to it; when it steps aside, nothing of it is left in the way.
 *
 * <p>Owned by one event loop.
 */
final class StartupWatch implements ConnectionOwner, BufferWaiter {

    private final BufferPool buffers;
    private final Connection server;
    private final Flow serverToClient;
    private final Relay relay;
    private final Consumer<BackendKey> onKey;
    private final BackendStartup startup = new BackendStartup();
    /** Whether an offer may come that is not for this client. */
    private boolean unbinds;

    /**
     * @param unbinds whether the server has TLS and the client has none
     * @param onKey   told of the key, if one comes, before the client is
     */
    StartupWatch(BufferPool buffers, Connection server, Flow serverToClient, Relay relay, boolean unbinds,
                 Consumer<BackendKey> onKey) {
        this.unbinds = unbinds;
        this.buffers = buffers;
        this.server = server;
        this.serverToClient = serverToClient;
        this.relay = relay;
        this.onKey = onKey;
    }

    /** Begins; the relay has been started. */
    void start() {
        server.owner(this);
        serverToClient.leaveReading();
    }

    @Override
    public void onReady(Connection connection, int readyOps) {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            relay.onReady(connection, SelectionKey.OP_WRITE);
        }
        if ((readyOps & SelectionKey.OP_READ) != 0 && !server.isClosed()) {
            ByteBuffer buffer = buffers.acquire();
            if (buffer == null) {
                server.wantRead(false);
                buffers.await(this);
            } else {
                read(buffer);
            }
        }
    }

    @Override
    public void onBuffer(ByteBuffer buffer) {
        if (server.isClosed()) {
            buffers.release(buffer);
        } else {
            server.wantRead(true);
            read(buffer);
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        relay.onFailure(failed, failure);
    }

    private void read(ByteBuffer buffer) {
        int count = server.read(buffer);
        if (count > 0) {
            pass(buffer.flip());
            return;
        }
        buffers.release(buffer);
        if (count == Connection.END) {
            stepAside();
            relay.onReady(server, SelectionKey.OP_READ);
        } else if (count == Connection.ABORTED) {
            relay.onServerReset();
        }
    }

    private void pass(ByteBuffer buffer) {
        if (unbinds) {
            SaslOffer.unbind(buffer);
            unbinds = false;
        }
        boolean over = startup.look(buffer);
        if (startup.key() != null) {
            onKey.accept(startup.key());
        }
        // The flow asks for no more until the client has taken this.
        Flow.Outcome outcome = serverToClient.feed(buffer);
        if (outcome == Flow.Outcome.SINK_ABORTED) {
            relay.abort(Termination.CLIENT_ABORT_DATA);
        } else if (over) {
            stepAside();
        }
    }

    private void stepAside() {
        serverToClient.readAgain();
        server.owner(relay);
    }
}
