package io.sluice.core.worker;

import java.util.function.Consumer;
import java.util.function.Predicate;

/** A worker's live sessions, linked through themselves. Owned by one event loop. */
final class SessionList {

    private Session first;

    void add(Session session) {
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

    /** Calls {@code action}, which may remove the session that it is called with, for all that match. */
    void forEach(Predicate<Session> matches, Consumer<Session> action) {
        for (Session session = first; session != null; ) {
            Session following = session.next;
            if (matches.test(session)) {
                action.accept(session);
            }
            session = following;
        }
    }
}
