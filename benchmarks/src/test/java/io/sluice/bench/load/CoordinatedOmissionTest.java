package io.sluice.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.loop.HandDriven;
import io.sluice.l7.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** A server that answers at once but for half a second in the middle, on a clock that the test moves. */
class CoordinatedOmissionTest {

    private static final int SIZE = 8;
    private static final Duration STEP = Duration.ofMillis(10);
    private static final int REQUESTS = 100;
    private static final int STALL_FROM = 30;
    private static final int STALL_STEPS = 50;
    private static final double MS_NS = 1e6;

    private final Histogram sinceSent = Latencies.histogram();
    private final Histogram sinceDue = Latencies.histogram();
    private boolean ended;

    @Test
    void countsEachRequestThatHadToWaitBehindTheStall() throws IOException {
        run(new Pace(1, 1, 100, Pace.UNLIMITED));
        assertEquals(REQUESTS, sinceSent.getTotalCount());
        assertEquals(REQUESTS, sinceDue.getTotalCount());
        assertEquals(1, sinceSent.getCountBetweenValues(1, Latencies.HIGHEST_NS));
        assertEquals(STALL_STEPS, sinceDue.getCountBetweenValues(1, Latencies.HIGHEST_NS));
        assertEquals(500, sinceSent.getMaxValue() / MS_NS, 1);
        assertEquals(500, sinceDue.getMaxValue() / MS_NS, 1);
        assertEquals(0, sinceSent.getValueAtPercentile(99), 0);
        // Half of the requests wait, from 500 ms down to 10 ms.
        assertEquals(250, sinceDue.getValueAtPercentile(75) / MS_NS, 1);
    }

    @Test
    void hidesTheStallInAClosedLoop() throws IOException {
        run(new Pace(1, 1, Pace.CLOSED_LOOP, Pace.UNLIMITED));
        assertEquals(1, sinceSent.getCountBetweenValues(15_000_000, Latencies.HIGHEST_NS));
        assertEquals(0, sinceDue.getTotalCount());
    }

    private void run(Pace pace) throws IOException {
        try (HandDriven driven = new HandDriven();
             ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Target target = new Target("tcp://test", (InetSocketAddress) listening.getLocalSocketAddress(),
                    Mode.PING_PONG, HttpMethod.OTHER, new byte[SIZE], false);
            Span span = new Span(Duration.ZERO, STEP.multipliedBy(REQUESTS), Duration.ofSeconds(10));
            LoadThread thread = new LoadThread(driven.loop(), driven.clock(), new LoadSettings(target, pace, span), 0,
                    () -> ended = true);
            thread.start(driven.clock().getAsLong());
            try (Socket server = listening.accept()) {
                serve(driven, thread, server);
            }
            thread.latencies().addTo(sinceSent, sinceDue);
            assertTrue(ended);
        }
    }

    /** In each step the server answers: in the open loop all that is due, in the closed loop one request. */
    private void serve(HandDriven driven, LoadThread thread, Socket server) throws IOException {
        for (int step = 0; step < REQUESTS; step++) {
            boolean stalled = step >= STALL_FROM && step < STALL_FROM + STALL_STEPS;
            long until = thread.isOpenLoop() ? step + 1 : answered(thread) + 1;
            while (!stalled && answered(thread) < until) {
                answerOne(driven, thread, server);
            }
            driven.pass(STEP);
        }
        if (!ended) {
            answerOne(driven, thread, server);
        }
    }

    private static void answerOne(HandDriven driven, LoadThread thread, Socket server) throws IOException {
        long before = answered(thread);
        driven.turnUntil(() -> available(server) >= SIZE);
        server.getOutputStream().write(server.getInputStream().readNBytes(SIZE));
        driven.turnUntil(() -> answered(thread) > before);
    }

    private static long answered(LoadThread thread) {
        return thread.tally().get(Tally.Count.ANSWERED);
    }

    private static int available(Socket socket) {
        try {
            return socket.getInputStream().available();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
