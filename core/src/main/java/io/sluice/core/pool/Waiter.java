package io.sluice.core.pool;

import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.loop.Mailbox;

/**
 * A client's place in a pool's queue. Its links belong to the queue, everything else to the event loop of the client.
 */
public final class Waiter {

    /** How waiting ends, unless the waiter leaves. Called on the client's event loop. */
    public interface Handler {

        /** A slot was taken on this server: the caller's now, to connect or to give back. */
        void onServerGranted(Server server);

        /** No server is left to wait for. */
        void onNoServer();
    }

    final Wanted wanted;
    final long hash;
    private final Mailbox mailbox;
    private final Handler handler;
    /** As long as the waiter is queued, the queue's home alone touches it and the links. */
    TriedServers tried;
    Waiter previous;
    Waiter next;
    boolean queued;
    /** The client's event loop alone touches it. */
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

    /** From now on the handler hears nothing of this waiter, although a grant may be on its way. */
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
