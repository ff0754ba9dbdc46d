package io.sluice.core.pool;

import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.loop.Mailbox;

/**
 * A client's place in a pool's queue. Its links belong to the queue, everything else to the event loop of the client.
 */
public final class Waiter {

    /** How waiting ends, unless the waiter leaves. Called on the client's event loop. */
    public interface Handler {

        /** A slot on this server was taken for the client, which has to give it back. */
        void onServerGranted(Server server);

        /** No server is left to wait for. */
        void onNoServer();
    }

    final Wanted wanted;
    final long hash;
    private final Mailbox mailbox;
    private final Handler handler;
    /** While the waiter is queued, only the queue's home accesses this field and the links. */
    TriedServers tried;
    Waiter previous;
    Waiter next;
    boolean queued;
    /** Accessed by the client's event loop only. */
    private boolean left;

    /**
     * @param tried   not changed while waiting
     * @param mailbox of the client's event loop
     */
    public Waiter(Wanted wanted, long hash, TriedServers tried, Mailbox mailbox, Handler handler) {
        this.wanted = wanted;
        this.hash = hash;
        this.tried = tried;
        this.mailbox = mailbox;
        this.handler = handler;
    }

    /** Calls the handler no more, even if a grant is on its way. */
    void leave() {
        left = true;
    }

    void grant(Pool pool, Server server) {
        mailbox.post(() -> {
            if (left) {
                pool.release(server);
            } else {
                handler.onServerGranted(server);
            }
        });
    }

    void noServer() {
        mailbox.post(() -> {
            if (!left) {
                handler.onNoServer();
            }
        });
    }
}
