package io.sluice.core.worker;

import io.sluice.core.log.Termination;
import io.sluice.core.net.Connection;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.net.TlsHandler;
import io.sluice.core.net.TlsHandshake;
import io.sluice.core.stats.Counter;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS handshake of a listener's client: counts it, and turns a failure into a {@link Termination}. Owned by one
 * event loop.
 */
public final class TlsEntry implements TlsHandler {

    private static final Logger LOG = LoggerFactory.getLogger(TlsEntry.class);

    private final Worker worker;
    private final Listener listener;
    private final TlsEntryHandler handler;
    private final TlsHandshake handshake;

    /** @param engines the listener's */
    public TlsEntry(Worker worker, Listener listener, TlsEngines engines, Connection client, TlsEntryHandler handler) {
        this.worker = worker;
        this.listener = listener;
        this.handler = handler;
        handshake = new TlsHandshake(worker.loop(), client, engines, worker.tlsBuffers(), this);
    }

    /**
     * Begins. The handler may be called before this returns.
     *
     * @param received what the client has sent already, in a buffer of the worker's pool that this takes over; null if
     *                 nothing
     */
    public void begin(ByteBuffer received) {
        handshake.accept(received);
        if (received != null) {
            worker.buffers().release(received);
        }
    }

    /** Gives up silently. */
    public void cancel() {
        handshake.cancel();
    }

    @Override
    public void onTlsEstablished() {
        worker.stats().count(Counter.TLS_HANDSHAKES);
        handler.onTlsEntered();
    }

    @Override
    public void onTlsFailed(Failure failure, String reason) {
        worker.stats().count(Counter.TLS_HANDSHAKES_FAILED);
        LOG.debug("listener {}: no TLS with a client: {}", listener.name(), reason);
        switch (failure) {
            case NOT_TLS -> handler.onPlainClient();
            case REFUSED -> handler.onTlsRefused(Termination.PROXY_DENIED);
            case LATE -> handler.onTlsRefused(Termination.CLIENT_TIMEOUT_REQUEST);
            case GONE -> handler.onTlsRefused(Termination.CLIENT_ABORT_REQUEST);
            case FAILED -> handler.onTlsRefused(Termination.INTERNAL_ERROR);
        }
    }
}
