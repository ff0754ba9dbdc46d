package io.sluice.l4.tcp;

import io.sluice.core.log.Termination;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.worker.TlsEntry;
import io.sluice.core.worker.TlsEntryHandler;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Ends a client's TLS here, after the opening has read the ClientHello, if the listener has TLS and the route does not
 * pass it on. Owned by one event loop.
 */
final class TlsEnding implements TlsEntryHandler {

    private final TcpSession session;
    private final TcpService service;
    private final TlsEngines engines;
    private final Consumer<TcpRoute> then;
    /** Null before the handshake begins. */
    private TlsEntry entry;
    private TcpRoute route;
    private boolean entered;

    /** @param then called with the client's route once the handshake is done */
    TlsEnding(TcpSession session, TcpService service, Consumer<TcpRoute> then) {
        this.session = session;
        this.service = service;
        this.then = then;
        engines = service.listener().tls();
    }

    /** Whether the listener has TLS. */
    boolean isPossible() {
        return engines != null;
    }

    /** Whether the handshake is done, so that TLS ends here. */
    boolean hasEntered() {
        return entered;
    }

    /** The client's route; null before {@link #begin}. */
    TcpRoute route() {
        return route;
    }

    /** Whether a client has to go through {@link #begin} before it gets a server of this route. */
    boolean isDue(TcpRoute chosen) {
        return isPossible() && !entered && !chosen.passesTls();
    }

    /** Begins. @param received what the client has sent, in a buffer that this takes over; null if nothing */
    void begin(TcpRoute chosen, ByteBuffer received) {
        route = chosen;
        entry = new TlsEntry(service.worker(), service.listener(), engines, session.connection(),
                session.client(), this);
        entry.begin(received);
    }

    void cancel() {
        if (entry != null) {
            entry.cancel();
        }
    }

    @Override
    public void onTlsEntered() {
        entered = true;
        then.accept(route);
    }

    @Override
    public void onTlsRefused(Termination termination, String refusal) {
        session.onRefused(termination, refusal);
    }

    @Override
    public void onPlainClient() {
        session.refuse(Termination.PROXY_DENIED, Refusal.NOT_TLS);
    }
}
