package io.sluice.core.tls.boring;

import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLSession;
import java.util.ArrayDeque;

/**
 * Sessions with one server that may be taken up again, those of TLS 1.3 once. The latest come first: they are good for
 * longest. Safe from any thread.
 */
final class ClientSessions {

    /** As many connections can begin at a time with a session each. */
    private static final int MOST = 16;

    private final ArrayDeque<Long> sessions = new ArrayDeque<>();
    private boolean closed;

    static void freeWith(Object owner, ClientSessions sessions) {
        Native.freeWith(owner, sessions::close);
    }

    /** Takes over a session. */
    synchronized void put(long session) {
        if (closed) {
            SSLSession.free(session);
            return;
        }
        sessions.addFirst(session);
        if (sessions.size() > MOST) {
            SSLSession.free(sessions.removeLast());
        }
    }

    /** Has a connection begin with a session, if there is one. */
    synchronized void takeUp(long ssl) {
        Long session = sessions.pollFirst();
        if (session == null) {
            return;
        }
        SSL.setSession(ssl, session);
        if (SSLSession.shouldBeSingleUse(session)) {
            SSLSession.free(session);
        } else {
            sessions.addFirst(session);
        }
    }

    private synchronized void close() {
        closed = true;
        sessions.forEach(SSLSession::free);
        sessions.clear();
    }
}
