package io.sluice.core.worker;

import io.sluice.core.address.Addresses;
import io.sluice.core.log.Termination;
import io.sluice.core.net.Connection;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.net.TlsFailure;
import io.sluice.core.net.TlsHandler;
import io.sluice.core.net.TlsHandshake;
import io.sluice.core.stats.Counter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS handshake of a listener's client: counts it, logs why it fails, and turns a failure into a
 * {@link Termination}. Owned by one event loop.
 */
public final class TlsEntry implements TlsHandler {

    private static final Logger LOG = LoggerFactory.getLogger(TlsEntry.class);

    private final Worker worker;
    private final Listener listener;
    private final InetSocketAddress client;
    private final TlsEntryHandler handler;
    private final TlsHandshake handshake;

    /**
     * @param engines the listener's
     * @param client  the address that the log names
     */
    public TlsEntry(Worker worker, Listener listener, TlsEngines engines, Connection connection,
                    InetSocketAddress client, TlsEntryHandler handler) {
        this.worker = worker;
        this.listener = listener;
        this.client = client;
        this.handler = handler;
        handshake = new TlsHandshake(worker.loop(), connection, engines, worker.tlsBuffers(), this);
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
    public void onTlsFailed(TlsFailure failure, String reason) {
        worker.stats().count(Counter.TLS_HANDSHAKES_FAILED);
        tell(failure, reason);
        switch (failure) {
            case NOT_TLS -> handler.onPlainClient();
            case ALERT, VERSION, CIPHER, NAME, CERTIFICATE, MALFORMED -> refuse(failure.refusal());
            case LATE -> handler.onTlsRefused(Termination.CLIENT_TIMEOUT_REQUEST, null);
            case GONE -> handler.onTlsRefused(Termination.CLIENT_ABORT_REQUEST, null);
            case FAILED -> handler.onTlsRefused(Termination.INTERNAL_ERROR, null);
        }
    }

    private void refuse(String refusal) {
        listener.traffic().of(worker.loop().index()).errors().count(refusal);
        handler.onTlsRefused(Termination.PROXY_DENIED, refusal);
    }

    private void tell(TlsFailure failure, String reason) {
        if (failure.refusal() != null && listener.mayTellOfTls(failure, worker.loop().nowNs())) {
            LOG.info("listener {}: no TLS with {}, {}: {}; logged once a minute at most for each such reason",
                    listener.name(), Addresses.toText(client), failure.refusal(), reason);
        } else {
            LOG.debug("listener {}: no TLS with {}: {}", listener.name(), client, reason);
        }
    }
}
