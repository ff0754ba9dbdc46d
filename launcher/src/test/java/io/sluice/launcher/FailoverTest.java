package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.pool.ServerState;
import io.sluice.core.stats.Counter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A server dies while clients keep connecting: those on it lose their connections, and nobody else notices. */
class FailoverTest {

    private static final int CLIENTS = 16;

    private enum Outcome { ANSWERED, LOST_BEFORE_KILL_WAS_OVER, LOST_LATER }

    private final AtomicInteger begun = new AtomicInteger();
    private volatile boolean killed;

    @Test
    void losesAtMostTheConnectionsOnAKilledServerAndTakesItBackAfterRiseChecks() throws Exception {
        try (NamedServer apple = NamedServer.start("apple");
             NamedServer banana = NamedServer.start("banana");
             NamedServer cherry = NamedServer.start("cherry");
             Sluice sluice = InProcess.launch("""
                     workers: 2
                     listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                     pools:
                       pool:
                         servers: %s
                         passive: off
                         # Slow enough for retries to have to bridge the time until the check notices.
                         health-check: { type: tcp, interval: 300ms, timeout: 10s, rise: 3, fall: 2 }
                     """.formatted(NamedServer.entries(apple, banana, cherry)))) {
            Thread killer = Thread.startVirtualThread(() -> killInTheMiddle(banana));
            List<Outcome> outcomes = Crowd.each(CLIENTS, 100, () -> connectAndAsk(sluice));
            killer.join();
            assertTrue(killed);
            assertEquals(0, outcomes.stream().filter(Outcome.LOST_LATER::equals).count());
            assertTrue(outcomes.stream().filter(Outcome.LOST_BEFORE_KILL_WAS_OVER::equals).count() <= CLIENTS);
            assertTrue(sluice.stats().sum(Counter.CONNECT_RETRIES) > 0, "the storm was over before the kill");

            await().until(() -> InProcess.state(sluice, "banana") == ServerState.DOWN);
            int acceptedBefore = banana.accepted();
            banana.comeBack();
            await().until(() -> InProcess.state(sluice, "banana") == ServerState.UP);
            assertTrue(banana.acceptedAndOneMore() - acceptedBefore > 3, "up before rise: 3 checks had succeeded");
            await().until(() -> nameOf(sluice).equals("banana"));
        }
    }

    private Outcome connectAndAsk(Sluice sluice) {
        boolean afterKill = killed;
        begun.incrementAndGet();
        try {
            nameOf(sluice);
            return Outcome.ANSWERED;
        } catch (IOException e) {
            return afterKill ? Outcome.LOST_LATER : Outcome.LOST_BEFORE_KILL_WAS_OVER;
        }
    }

    private static String nameOf(Sluice sluice) throws IOException {
        try (TestClient client = TestClient.to(InProcess.address(sluice))) {
            return client.askForName();
        }
    }

    private void killInTheMiddle(NamedServer server) {
        await().until(() -> begun.get() > CLIENTS * 20);
        try {
            server.kill();
            killed = true;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
