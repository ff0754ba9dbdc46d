package io.sluice.l4.tcp;

import io.sluice.core.log.Termination;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.worker.TlsEntry;
import io.sluice.core.worker.TlsEntryHandler;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Has a client's TLS end here, once its opening has seen what it wants, if the listener can and the route says no
 * other. Owned by one event loop.
 */
final class TlsEnding implements TlsEntryHandler {

    private final TcpSession session;
    private final TcpService service;
    private final TlsEngines engines;
    private final Consumer<TcpRoute> then;
    /** Null as long as it has not begun. */
    private TlsEntry entry;
    private TcpRoute route;
    private boolean entered;

    /** @param then told of the route of a client whose TLS ends here, if its handshake is done */
    TlsEnding(TcpSession session, TcpService service, Consumer<TcpRoute> then) {
        this.session = session;
        this.service = service;
        this.then = then;
        engines = service.listener().tls();
    }

    /** Whether TLS can end here. */
    boolean isPossible() {
        return engines != null;
    }

    /** Whether it does, as its handshake is done. */
    boolean hasEntered() {
        return entered;
    }

    /** Where the client goes whose handshake is done. */
    TcpRoute route() {
        return route;
    }

    /** Whether a client has to go through {@link #begin} before it gets a server of this route. */
    boolean isDue(TcpRoute chosen) {
        return isPossible() && !entered && !chosen.passesTls();
    }

    /** Begins. @param received what the client has sent, from now on this one's; null if nothing */
    void begin(TcpRoute chosen, ByteBuffer received) {
        route = chosen;
        entry = new TlsEntry(service.worker(), service.listener(), engines, session.connection(), this);
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
    public void onTlsRefused(Termination termination) {
        session.refuse(termination);
    }

    @Override
    public void onPlainClient() {
        session.refuse(Termination.PROXY_DENIED, Refusal.NOT_TLS);
    }
}
