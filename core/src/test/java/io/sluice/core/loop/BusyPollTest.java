package io.sluice.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BusyPollTest {

    private static final Duration MOST = Duration.ofNanos(50_000);

    private final ManualClock clock = new ManualClock();

    @Test
    void lastsFromTheLastEventOn() {
        var polling = new BusyPoll(MOST, clock);
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
        var off = new BusyPoll(Duration.ZERO, clock);
        assertFalse(off.goesOn());
        clock.advance(MOST);
        off.restart(clock.getAsLong());
        assertFalse(off.goesOn());
        assertEquals(0, off.spentNs());
    }

    /** Neither the sleep after the poll nor the work after the events counts. */
    @Test
    void countsTheTimeSpentOnAsking() {
        var polling = new BusyPoll(MOST, clock);
        clock.advance(Duration.ofNanos(10_000));
        long cameNs = clock.getAsLong();
        clock.advance(Duration.ofMillis(1));
        polling.restart(cameNs);
        assertEquals(10_000, polling.spentNs());
        clock.advance(Duration.ofHours(1));
        polling.restart(clock.getAsLong());
        assertEquals(10_000 + MOST.toNanos(), polling.spentNs());
    }

    /** Nothing would wake a loop that sleeps: there is no event, no timer and no post. */
    @Test
    void keepsItsLoopAwake() throws IOException {
        var loop = new EventLoop(MOST, clock);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            loop.runOnce();
            loop.runOnce();
        });
        loop.stop();
        loop.run();
    }

    @Test
    void isToldOfEventsByItsLoop() throws IOException {
        var loop = new EventLoop(MOST, clock);
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
