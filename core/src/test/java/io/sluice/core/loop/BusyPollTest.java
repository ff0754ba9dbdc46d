package io.sluice.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.BusyPollConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BusyPollTest {

    private static final Duration MOST = Duration.ofNanos(50_000);
    private static final BusyPollConfig ALWAYS = BusyPollConfig.always(MOST);
    private static final long SHORT_NS = BusyPoll.AUTO_NS;
    private static final long LONG_NS = BusyPoll.AUTO_NS + BusyPoll.WAKE_UP_NS + 1;

    private final ManualClock clock = new ManualClock();

    @Test
    void lastsFromTheLastEventOn() {
        var polling = new BusyPoll(ALWAYS, clock);
        clock.advance(MOST.minusNanos(1));
        assertTrue(polling.goesOn());
        polling.restart(clock.getAsLong());
        clock.advance(MOST.minusNanos(1));
        assertTrue(polling.goesOn());
        clock.advance(Duration.ofNanos(1));
        assertFalse(polling.goesOn());
    }

    @Test
    void neverBeginsIfOff() {
        var off = new BusyPoll(BusyPollConfig.OFF, clock);
        assertFalse(off.goesOn());
        clock.advance(MOST);
        off.restart(clock.getAsLong());
        assertFalse(off.goesOn());
        assertEquals(0, off.spentNs());
    }

    /** Neither the sleep after the poll nor the work after the events counts. */
    @Test
    void countsTheTimeSpentOnAsking() {
        var polling = new BusyPoll(ALWAYS, clock);
        clock.advance(Duration.ofNanos(10_000));
        long cameNs = clock.getAsLong();
        clock.advance(Duration.ofMillis(1));
        polling.restart(cameNs);
        assertEquals(10_000, polling.spentNs());
        clock.advance(Duration.ofHours(1));
        polling.restart(clock.getAsLong());
        assertEquals(10_000 + MOST.toNanos(), polling.spentNs());
    }

    @Test
    void autoBeginsOnceWaitsAreShort() {
        var auto = new BusyPoll(BusyPollConfig.AUTO, clock);
        for (int i = 0; i <= BusyPoll.REMEMBERED / 2; i++) {
            assertFalse(auto.goesOn());
            waitFor(auto, SHORT_NS);
        }
        assertTrue(auto.goesOn());
        clock.advance(Duration.ofNanos(SHORT_NS));
        assertFalse(auto.goesOn());
    }

    /** A loop that sleeps is awake somewhat later than its event, which it would have seen in time by asking. */
    @Test
    void autoTakesTheWakeUpIntoAccount() {
        var auto = new BusyPoll(BusyPollConfig.AUTO, clock);
        for (int i = 0; i <= BusyPoll.REMEMBERED / 2; i++) {
            waitFor(auto, LONG_NS - 1);
        }
        assertTrue(auto.goesOn());
        waitFor(auto, SHORT_NS + 1);
        assertFalse(auto.goesOn());
    }

    @Test
    void autoEndsOnceWaitsAreLong() {
        var auto = new BusyPoll(BusyPollConfig.AUTO, clock);
        for (int i = 0; i < 10 * BusyPoll.REMEMBERED; i++) {
            waitFor(auto, SHORT_NS);
        }
        for (int i = 0; i < BusyPoll.REMEMBERED / 2; i++) {
            assertTrue(auto.goesOn());
            waitFor(auto, LONG_NS);
        }
        assertFalse(auto.goesOn());
        long spentNs = auto.spentNs();
        waitFor(auto, LONG_NS);
        assertEquals(spentNs, auto.spentNs());
    }

    @Test
    void autoPausesBehindBulk() {
        var auto = new BusyPoll(BusyPollConfig.AUTO, clock);
        for (int i = 0; i < BusyPoll.REMEMBERED; i++) {
            waitFor(auto, SHORT_NS);
        }
        auto.onBulk();
        waitFor(auto, SHORT_NS);
        assertFalse(auto.goesOn());
        waitFor(auto, SHORT_NS);
        assertTrue(auto.goesOn());
    }

    /** Where a third of the waits are short, asking would be in vain twice as often as not. */
    @Test
    void autoNeverBeginsAmongLongWaits() {
        var auto = new BusyPoll(BusyPollConfig.AUTO, clock);
        for (int i = 0; i < 1_000; i++) {
            waitFor(auto, i % 3 == 0 ? SHORT_NS : LONG_NS);
            assertFalse(auto.goesOn());
        }
        assertEquals(0, auto.spentNs());
    }

    private void waitFor(BusyPoll polling, long ns) {
        clock.advance(Duration.ofNanos(ns));
        polling.restart(clock.getAsLong());
    }

    /** Nothing would wake a loop that sleeps: there is no event, no timer and no post. */
    @Test
    void keepsItsLoopAwake() throws IOException {
        var loop = new EventLoop(ALWAYS, clock, false);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            loop.runOnce();
            loop.runOnce();
        });
        loop.stop();
        loop.run();
    }

    @Test
    void isToldOfEventsByItsLoop() throws IOException {
        var loop = new EventLoop(ALWAYS, clock, false);
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.sink().write(ByteBuffer.allocate(1));
        loop.register(pipe.source(), SelectionKey.OP_READ, new ReadyHandler() {

            @Override
            public void onReady(int readyOps) {
                clock.advance(Duration.ofMillis(1));
            }

            @Override
            public void onFailure(RuntimeException failure) {
                throw failure;
            }
        });
        clock.advance(MOST.minusNanos(1));
        loop.runOnce();
        assertEquals(MOST.toNanos() - 1, loop.busyPolledNs());
        loop.runOnce();
        assertEquals(MOST.toNanos() - 1, loop.busyPolledNs());
        loop.stop();
        loop.run();
        pipe.sink().close();
    }
}
