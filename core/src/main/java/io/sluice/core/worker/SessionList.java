package io.sluice.core.worker;

import io.sluice.core.pool.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A worker's live sessions, as an intrusive linked list. Owned by one event loop. */
final class SessionList {

    /** Bits of a session's id below its start: enough for 2^20 sessions that begin in the same millisecond. */
    private static final int NUMBER_BITS = 20;

    private Session first;
    private int lastNumber;

    void add(Session session) {
        lastNumber = (lastNumber + 1) & ((1 << NUMBER_BITS) - 1);
        session.id = System.currentTimeMillis() << NUMBER_BITS | lastNumber;
        session.next = first;
        if (first != null) {
            first.previous = session;
        }
        first = session;
    }

    void remove(Session session) {
        if (session.previous == null) {
            first = session.next;
        } else {
            session.previous.next = session.next;
        }
        if (session.next != null) {
            session.next.previous = session.previous;
        }
        session.previous = null;
        session.next = null;
    }

    /** The newest sessions that match, at most so many. @param worker index of this list's worker */
    List<SessionInfo> list(SessionFilter filter, int most, int worker) {
        List<SessionInfo> found = new ArrayList<>();
        for (Session session = first; session != null && found.size() < most; session = session.next) {
            if (filter.matches(session)) {
                found.add(describe(session, worker));
            }
        }
        return found;
    }

    private static SessionInfo describe(Session session, int worker) {
        Server server = session.server();
        return new SessionInfo(worker, session.id, session.id >> NUMBER_BITS, session.listener().name(),
                session.client(), session.pool(), server == null ? null : server.name(), session.phase(),
                session.clientBytes(), session.serverBytes(), session.requests());
    }

    /** Calls {@code action} for all sessions; it may remove the one that it is called with. */
    void forEach(Consumer<Session> action) {
        forEach(_ -> true, action);
    }

    /** The same for all that match; returns how many did. */
    int forEach(Predicate<Session> matches, Consumer<Session> action) {
        int count = 0;
        for (Session session = first; session != null; ) {
            Session following = session.next;
            if (matches.test(session)) {
                count++;
                action.accept(session);
            }
            session = following;
        }
        return count;
    }
}
