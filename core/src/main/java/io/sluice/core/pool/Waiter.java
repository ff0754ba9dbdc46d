package io.sluice.core.pool;

import io.sluice.core.loop.Mailbox;

/**
 * A client's place in a queue: its server's if it is pinned to one, or else its target's. Its links belong to the
 * queue, everything else to the event loop of the client.
 */
public final class Waiter {

    /** How waiting ends, unless the waiter leaves. Called on the client's event loop. */
    public interface Handler {

        /** A slot on this server was taken for the client, which has to give it back. */
        void onServerGranted(Server server);

        /** No server is left to wait for in this queue. */
        void onNoServer();
    }

    private final Target target;
    private final Server pin;
    private final long hash;
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
     * @param pin     the server that the client is pinned to, or null
     * @param tried   not changed while waiting
     * @param mailbox of the client's event loop
     */
    public Waiter(Target target, Server pin, long hash, TriedServers tried, Mailbox mailbox, Handler handler) {
        this.target = target;
        this.pin = pin;
        this.hash = hash;
        this.tried = tried;
        this.mailbox = mailbox;
        this.handler = handler;
    }

    Pool pool() {
        return target.pool();
    }

    boolean isPinned() {
        return pin != null;
    }

    WaitQueue queue() {
        return pin != null ? pin.queue() : pool().queueOf(target.wanted());
    }

    /** Takes a slot for the client, or null. */
    Server pick() {
        return pin == null ? target.pick(hash, tried) : pin.tryAcquireFromQueue() ? pin : null;
    }

    /** Whether to go on waiting although no slot is free. */
    boolean mayWait() {
        return pin != null ? pin.takesPinned() : pool().holds() || target.hasUntried(tried);
    }

    /** Calls the handler no more, even if a grant is on its way. */
    void leave() {
        left = true;
    }

    void grant(Server server) {
        mailbox.post(() -> {
            if (left) {
                pool().release(server);
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
