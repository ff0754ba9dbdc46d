package io.sluice.core.net;

import io.sluice.core.loop.EventLoop;

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
