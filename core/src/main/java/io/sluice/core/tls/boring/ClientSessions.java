package io.sluice.core.tls.boring;

import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLSession;
import java.util.ArrayDeque;

/**
 * Sessions with one server that can be resumed, those of TLS 1.3 only once. The latest are used first, as they stay
 * valid for longest. Safe from any thread.
 */
final class ClientSessions {

    /** The most sessions kept: so many connections can resume one at a time. */
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

    /** Has a connection resume a session, if there is one. */
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
