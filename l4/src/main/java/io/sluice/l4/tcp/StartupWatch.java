package io.sluice.l4.tcp;

import io.sluice.core.buffer.BufferPool;
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
 * Reads from a PostgreSQL server in the relay's place until the session has started, to learn the session's key. If
 * only the server side is encrypted, it also removes from the server's SASL offer what needs TLS on the client side.
 * The relay does everything else; afterwards it owns the connection again.
 *
 * <p>Owned by one event loop.
 */
final class StartupWatch implements ConnectionOwner {

    private final BufferPool buffers;
    private final Relay relay;
    private final Flow serverToClient;
    private final Connection server;
    private final Consumer<BackendKey> onKey;
    private final BackendStartup startup = new BackendStartup();
    /** Whether the server may yet send an offer that this client could not use. */
    private boolean unbinds;

    /** @param onKey told of the key, if one comes, before the client gets it */
    StartupWatch(BufferPool buffers, Connection client, Relay relay, Consumer<BackendKey> onKey) {
        this.buffers = buffers;
        this.relay = relay;
        this.onKey = onKey;
        serverToClient = relay.serverToClient();
        server = serverToClient.source();
        unbinds = server.isSecure() && !client.isSecure();
    }

    /** Begins; the relay must have been started. */
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
            ByteBuffer buffer = server.acquireBuffer(buffers);
            if (buffer != null) {
                read(buffer);
            }
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
        // The flow does not read on until the client has taken these bytes.
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
