package io.sluice.core.connect;

import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.Connection;
import io.sluice.core.net.TlsBuffers;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.net.TlsHandler;
import io.sluice.core.net.TlsHandshake;

/**
 * Makes the TLS handshakes of one worker with the servers of one pool. Owned by one event loop.
 *
 * @param engines of the pool
 * @param buffers of the worker
 */
public record TlsClient(EventLoop loop, TlsEngines engines, TlsBuffers buffers) {

    TlsHandshake handshake(Connection connection, TlsHandler handler) {
        return new TlsHandshake(loop, connection, engines, buffers, handler);
    }
}
