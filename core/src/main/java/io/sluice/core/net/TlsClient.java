package io.sluice.core.net;

import io.sluice.core.loop.EventLoop;

/**
 * How one worker's connections to one pool's servers begin with TLS. Owned by one event loop.
 *
 * @param engines of the pool
 * @param buffers of the worker
 */
public record TlsClient(EventLoop loop, TlsEngines engines, TlsBuffers buffers) {

    TlsHandshake handshake(Connection connection, TlsHandler handler) {
        return new TlsHandshake(loop, connection, engines, buffers, handler);
    }
}
