package io.sluice.l4.database;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final Duration SOON = Duration.ofMillis(20);

    @Test
    void closesTheConnectionThatIsGuardedThen() throws IOException {
        try (Socket before = new Socket(); Socket guarded = new Socket(); Deadline deadline = Deadline.in(SOON)) {
            deadline.guard(before);
            deadline.guard(guarded);
            await().atMost(20, SECONDS).until(guarded::isClosed);
            assertTrue(deadline.hasPassed());
            assertEquals(Duration.ZERO, deadline.left());
            assertFalse(before.isClosed());
        }
    }

    /** It may have been opened just in time. Nothing else would ever end a check over it. */
    @Test
    void closesAConnectionAtOnceThatIsGuardedLater() throws IOException {
        try (Socket first = new Socket(); Socket late = new Socket(); Deadline deadline = Deadline.in(SOON)) {
            deadline.guard(first);
            await().atMost(20, SECONDS).until(first::isClosed);
            deadline.guard(late);
            assertTrue(late.isClosed());
        }
    }

    @Test
    void leavesAConnectionAloneOnceTheCheckIsOver() throws IOException {
        try (Socket kept = new Socket()) {
            Deadline deadline = Deadline.in(SOON);
            deadline.close();
            await().atMost(20, SECONDS).until(deadline::hasPassed);
            deadline.guard(kept);
            assertFalse(kept.isClosed());
        }
    }
}
