package io.sluice.core.worker;

import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Pace;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Predicate;

/**
 * Resets, at a limited rate, those sessions of one worker that should not stay with their server. Owned by one event
 * loop.
 */
final class PacedClose implements TimerHandler {

    private final EventLoop loop;
    private final Predicate<Session> matches;
    private final Termination termination;
    private final Pace pace;
    private final Queue<Session> sessions = new ArrayDeque<>();
    private final Timer timer = new Timer(this);

    /** @param matches the sessions to reset; asked of each again when it is its turn */
    PacedClose(EventLoop loop, Predicate<Session> matches, Termination termination, Pace pace) {
        this.loop = loop;
        this.matches = matches;
        this.termination = termination;
        this.pace = pace;
    }

    void start(SessionList present) {
        present.forEach(matches, sessions::add);
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

    /** Skips sessions that have ended by themselves or may stay by now, as when their server has got its role back. */
    private void closeNext() {
        Session session = sessions.poll();
        while (session != null && !matches.test(session)) {
            session = sessions.poll();
        }
        if (session != null) {
            session.abort(termination);
        }
    }
}
