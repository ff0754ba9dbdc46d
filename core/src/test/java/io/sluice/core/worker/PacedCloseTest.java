package io.sluice.core.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.Rate;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.loop.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacedCloseTest {

    private final HandDriven driven = new HandDriven();
    private final Pace pace = new Pace(Rate.perSecond(10), driven.clock().getAsLong());
    private final SessionList present = new SessionList();
    private final List<FakeSession> closed = new ArrayList<>();

    @AfterEach
    void close() {
        driven.close();
    }

    @Test
    void resetsSessionsOneByOne() {
        FakeSession[] sessions = {new FakeSession(), new FakeSession(), new FakeSession()};
        start(sessions);
        assertEquals(List.of(sessions[0]), closed);
        driven.pass(Duration.ofMillis(99));
        assertEquals(1, closed.size());
        driven.pass(Duration.ofMillis(1));
        assertEquals(List.of(sessions[0], sessions[1]), closed);
        driven.pass(Duration.ofMillis(100));
        assertEquals(List.of(sessions), closed);
        assertEquals(0, driven.loop().timers().size());
    }

    @Test
    void passesOverThoseThatHaveEndedOrAreOnTheRightServerAgainAtNoCost() {
        FakeSession[] sessions = {new FakeSession(), new FakeSession(), new FakeSession(), new FakeSession()};
        start(sessions);
        sessions[1].matches = false;
        sessions[2].matches = false;
        driven.pass(Duration.ofMillis(100));
        assertEquals(List.of(sessions[0], sessions[3]), closed);
    }

    @Test
    void takesNoTurnsButForItsSessions() {
        start();
        start(new FakeSession());
        assertEquals(1, closed.size());
        assertEquals(Duration.ofMillis(100).toNanos(), pace.delayNs(driven.clock().getAsLong(), Long.MAX_VALUE));
    }

    @Test
    void sharesThePaceWithOthers() {
        pace.delayNs(driven.clock().getAsLong(), Long.MAX_VALUE);
        start(new FakeSession());
        assertEquals(0, closed.size());
        driven.pass(Duration.ofMillis(100));
        assertEquals(1, closed.size());
    }

    private void start(FakeSession... sessions) {
        driven.turn();
        // The list begins with the newest.
        List.of(sessions).reversed().forEach(present::add);
        new PacedClose(driven.loop(), session -> ((FakeSession) session).matches, Termination.ROLE_DATA, pace)
                .start(present);
        List.of(sessions).forEach(present::remove);
    }

    private final class FakeSession extends BareSession {

        private boolean matches = true;

        @Override
        public void abort(Termination termination) {
            assertEquals(Termination.ROLE_DATA, termination);
            closed.add(this);
        }
    }
}
