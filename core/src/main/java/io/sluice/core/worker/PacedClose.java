package io.sluice.core.worker;

import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Pace;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.pool.Server;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Resets, at a limited rate, those sessions of one worker whose server has lost the role they need. Owned by one event
 * loop.
 */
final class PacedClose implements TimerHandler {

    private final EventLoop loop;
    private final Server server;
    private final Pace pace;
    private final Queue<Session> sessions = new ArrayDeque<>();
    private final Timer timer = new Timer(this);

    PacedClose(EventLoop loop, Server server, Pace pace) {
        this.loop = loop;
        this.server = server;
        this.pace = pace;
    }

    void add(Session session) {
        sessions.add(session);
    }

    void start() {
        awaitTurn(loop.nowNs());
    }

    @Override
    public void onTimer(long nowNs) {
        closeNext();
        awaitTurn(nowNs);
    }

    private void awaitTurn(long nowNs) {
        while (!sessions.isEmpty()) {
            long delayNs = pace.delayNs(nowNs, Long.MAX_VALUE);
            if (delayNs > 0) {
                loop.timers().schedule(timer, nowNs + delayNs);
                return;
            }
            closeNext();
        }
    }

    /** Skips sessions that have ended by themselves or whose server has got its role back. */
    private void closeNext() {
        Session session = sessions.poll();
        while (session != null && !isMisplaced(session, server)) {
            session = sessions.poll();
        }
        if (session != null) {
            session.abort(Termination.ROLE_DATA);
        }
    }

    static boolean isMisplaced(Session session, Server server) {
        return session.server() == server && session.isMisplaced();
    }
}
