package io.sluice.core.worker;

import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Pace;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.pool.Server;
import java.util.ArrayDeque;
import java.util.Queue;

/** Resets sessions of one worker that should not be on their server any more, at a pace. Owned by one event loop. */
final class PacedClose implements TimerHandler {

    private final EventLoop loop;
    private final Server server;
    private final Pace pace;
    private final Queue<Session> sessions = new ArrayDeque<>();
    private final Timer timer = new Timer(this);
    private long turnNs;

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
        onTimer(loop.nowNs());
    }

    @Override
    public void onTimer(long nowNs) {
        while (!sessions.isEmpty() && turnNs - nowNs <= 0) {
            if (closeNext()) {
                awaitTurn(nowNs);
            }
        }
        if (!sessions.isEmpty()) {
            loop.timers().schedule(timer, turnNs);
        }
    }

    private void awaitTurn(long nowNs) {
        turnNs = nowNs + pace.delayNs(nowNs, Long.MAX_VALUE);
    }

    /** False if the session has ended by itself, or its server has got its role back. */
    private boolean closeNext() {
        Session session = sessions.remove();
        boolean misplaced = isMisplaced(session, server);
        if (misplaced) {
            session.abort(Termination.ROLE_DATA);
        }
        return misplaced;
    }

    static boolean isMisplaced(Session session, Server server) {
        return session.server() == server && session.isMisplaced();
    }
}
