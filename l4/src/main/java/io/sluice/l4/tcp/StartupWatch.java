package io.sluice.l4.tcp;

import io.sluice.core.relay.FlowWatch;
import io.sluice.l4.postgres.BackendKey;
import io.sluice.l4.postgres.BackendStartup;
import io.sluice.l4.postgres.SaslOffer;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Watches what a PostgreSQL server sends until the session has started, to learn the session's key. If only the server
 * side is encrypted, it also removes from the server's SASL offer what needs TLS on the client side.
 *
 * <p>Owned by one event loop.
 */
final class StartupWatch implements FlowWatch {

    private final Consumer<BackendKey> onKey;
    private final BackendStartup startup = new BackendStartup();
    /** Whether the server may yet send an offer that this client could not use. */
    private boolean unbinds;

    /**
     * @param unbinds whether the server's connection is encrypted and the client's is not
     * @param onKey   told of the key, if one comes, before the client gets it
     */
    StartupWatch(boolean unbinds, Consumer<BackendKey> onKey) {
        this.unbinds = unbinds;
        this.onKey = onKey;
    }

    @Override
    public boolean hasSeenAll(ByteBuffer read) {
        if (unbinds) {
            SaslOffer.unbind(read);
            unbinds = false;
        }
        boolean over = startup.look(read);
        if (startup.key() != null) {
            onKey.accept(startup.key());
        }
        return over;
    }
}
