package io.sluice.core.health;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.PoolConfig.InitialState;
import io.sluice.core.loop.ManualClock;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.pool.Role;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerState;
import io.sluice.core.pool.ServerStates;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthCheckerTest {

    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration FOREVER = Duration.ofHours(1);
    private static final InetSocketAddress FIRST = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 1);
    private static final InetSocketAddress SECOND = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 2);

    private final ScriptedProbe probe = new ScriptedProbe();
    private final PoolSettings settings = new PoolSettings().server(FIRST);
    private Pool pool;
    private ServerStates states;
    private HealthChecker checker;

    @AfterEach
    void close() {
        checker.close();
    }

    @Test
    void believesTheFirstCheck() throws Exception {
        makePool(schedule(SHORT, SHORT, SHORT, FOREVER));
        resolveAndStart();
        assertEquals(ServerState.DOWN, server(0).state());
        probe.answer(FIRST, null);
        checker.awaitFirstRound();
        assertEquals(ServerState.UP, server(0).state());
    }

    @Test
    void takesAServerDownAfterFallAndUpAfterRise() throws Exception {
        makePool(schedule(SHORT, SHORT, SHORT, FOREVER));
        resolveAndStart();
        probe.answer(FIRST, null);
        for (String answer : new String[] {"bad", "bad", null, "bad", "bad"}) {
            probe.answer(FIRST, answer);
        }
        assertEquals(ServerState.UP, server(0).state());
        probe.answer(FIRST, "bad");
        awaitState(ServerState.DOWN);
        probe.answer(FIRST, null);
        probe.answer(FIRST, "bad");
        probe.answer(FIRST, null);
        assertEquals(ServerState.DOWN, server(0).state());
        probe.answer(FIRST, null);
        awaitState(ServerState.UP);
    }

    @Test
    void leavesAServerAsItIsWhileItsChecksFailForWantOfDescriptors() throws Exception {
        makePool(schedule(SHORT, SHORT, SHORT, FOREVER));
        resolveAndStart();
        probe.answer(FIRST, null);
        probe.answer(FIRST, "bad");
        for (int i = 0; i < 10; i++) {
            probe.answer(FIRST, ScriptedProbe.OWN);
        }
        assertEquals(ServerState.UP, server(0).state());
        probe.answer(FIRST, "bad");
        probe.answer(FIRST, "bad");
        awaitState(ServerState.DOWN);
        probe.answer(FIRST, ScriptedProbe.OWN);
        probe.answer(FIRST, null);
        probe.answer(FIRST, null);
        awaitState(ServerState.UP);
    }

    @Test
    void checksFastWhileAChangeIsUnderWay() throws Exception {
        makePool(schedule(SHORT, SHORT, FOREVER, FOREVER));
        resolveAndStart();
        probe.answer(FIRST, "bad");
        probe.answer(FIRST, null);
        probe.answer(FIRST, null);
        awaitState(ServerState.UP);
    }

    @Test
    void checksADownServerAtItsOwnInterval() throws Exception {
        makePool(schedule(SHORT, FOREVER, SHORT, FOREVER));
        resolveAndStart();
        for (int i = 0; i < 10; i++) {
            probe.answer(FIRST, "bad");
        }
        assertEquals(ServerState.DOWN, server(0).state());
    }

    @Test
    void startsUpIfSoConfigured() throws Exception {
        settings.initialState(InitialState.UP);
        makePool(schedule(SHORT, SHORT, SHORT, FOREVER));
        resolveAndStart();
        assertEquals(ServerState.UP, server(0).state());
        probe.answer(FIRST, "bad");
        probe.answer(FIRST, "bad");
        assertEquals(ServerState.UP, server(0).state());
        probe.answer(FIRST, "bad");
        awaitState(ServerState.DOWN);
    }

    @Test
    void takesAProbeThatThrowsUncheckedForABadCheck() throws Exception {
        makePool(schedule(SHORT, SHORT, SHORT, FOREVER));
        resolveAndStart();
        probe.answer(FIRST, null);
        for (int i = 0; i < 3; i++) {
            probe.answer(FIRST, ScriptedProbe.UNCHECKED);
        }
        awaitState(ServerState.DOWN);
    }

    @Test
    void waitsForTheFirstRoundNoLongerThanOneTimeout() throws Exception {
        makePool(schedule(SHORT, SHORT, SHORT, SHORT));
        resolveAndStart();
        checker.awaitFirstRound();
        assertEquals(ServerState.DOWN, server(0).state());
    }

    @Test
    void doesNotWaitForAServerWithoutAnAddress() throws Exception {
        makePool(schedule(SHORT, SHORT, SHORT, FOREVER));
        checker.start(pool.servers());
        checker.awaitFirstRound();
        states.resolved(server(0), FIRST);
        probe.answer(FIRST, null);
        awaitState(ServerState.UP);
    }

    @Test
    void waitsForEveryServerAlthoughAnotherHasJustResolved() throws Exception {
        settings.server(SECOND);
        makePool(schedule(SHORT, SHORT, SHORT, FOREVER));
        states.resolved(server(1), SECOND);
        checker.start(pool.servers());
        FutureTask<Void> firstRound = new FutureTask<>(() -> {
            checker.awaitFirstRound();
            return null;
        });
        Thread.ofVirtual().start(firstRound);
        states.resolved(server(0), FIRST);
        for (int i = 0; i < 3; i++) {
            probe.answer(FIRST, null);
        }
        assertFalse(firstRound.isDone(), "the first round is over although one server has not been checked");
        probe.answer(SECOND, null);
        firstRound.get(20, SECONDS);
        assertEquals(ServerState.UP, server(1).state());
    }

    @Test
    void leavesStandingWhatWasKnownBeforeUntilChecksContradictIt() throws Exception {
        makePool(schedule(SHORT, SHORT, SHORT, FOREVER));
        states.resolved(server(0), FIRST);
        states.unhealthy(server(0), "test");
        checker.start(pool.servers());
        probe.answer(FIRST, null);
        probe.answer(FIRST, "bad");
        probe.answer(FIRST, null);
        assertEquals(ServerState.DOWN, server(0).state());
        probe.answer(FIRST, null);
        awaitState(ServerState.UP);
    }

    @Test
    void checksThoseThatJoinAndLeavesThoseAloneThatGo() throws Exception {
        settings.server(SECOND);
        makePool(schedule(SHORT, SHORT, SHORT, FOREVER));
        states.resolved(server(0), FIRST);
        states.resolved(server(1), SECOND);
        checker.start(List.of(server(0)));
        probe.answer(FIRST, null);
        checker.awaitFirstRound();
        checker.start(List.of(server(0), server(1)));
        probe.answer(SECOND, null);
        checker.awaitFirstRound();
        assertEquals(ServerState.UP, server(1).state());
        checker.keep(List.of(server(1)));
        assertTrue(probe.closed.await(20, SECONDS));
        probe.answer(SECOND, "bad");
    }

    @Test
    void tellsTheRoleThatACheckHasFound() throws Exception {
        makePool(schedule(SHORT, SHORT, SHORT, FOREVER));
        resolveAndStart();
        probe.finding = new Finding(Role.PRIMARY, 7, "");
        probe.answer(FIRST, null);
        checker.awaitFirstRound();
        assertEquals(Role.PRIMARY, server(0).role());
        assertEquals(ServerState.UP, server(0).state());
    }

    @Test
    void checksAtOnceWhenLiveTrafficFails() throws Exception {
        makePool(schedule(FOREVER, FOREVER, FOREVER, FOREVER));
        resolveAndStart();
        probe.answer(FIRST, null);
        for (int i = 0; i < 3; i++) {
            probe.awaitPause();
            states.passiveChecks().connectFailed(server(0));
            probe.answer(FIRST, null);
        }
    }

    @Test
    void checksAgainAfterACheckDuringWhichLiveTrafficFailed() throws Exception {
        makePool(schedule(FOREVER, FOREVER, FOREVER, FOREVER));
        resolveAndStart();
        probe.awaitCheck();
        states.suspect(server(0));
        probe.answer(FIRST, null);
        probe.answer(FIRST, null);
    }

    @Test
    void doesNotCheckSoonerWhileAChangeIsUnderWay() throws Exception {
        makePool(schedule(SHORT, FOREVER, FOREVER, FOREVER));
        resolveAndStart();
        probe.answer(FIRST, null);
        probe.answer(FIRST, "bad");
        probe.awaitPause();
        assertTrue(probe.pauseEnds.tryAcquire(20, SECONDS));
        probe.awaitPause();
        int checks = probe.checks.get();
        states.suspect(server(0));
        assertFalse(probe.pauseEnds.tryAcquire(200, MILLISECONDS));
        assertEquals(checks, probe.checks.get());
    }

    @Test
    void checksAtOnceWhenTheProbeEndsItsPauseButNotInAHurry() throws Exception {
        makePool(schedule(FOREVER, FOREVER, FOREVER, FOREVER));
        probe.pausesNot = true;
        resolveAndStart();
        long startNs = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            probe.answer(FIRST, null);
        }
        assertTrue(System.nanoTime() - startNs >= Duration.ofMillis(300).toNanos(), "checks without a rest");
    }

    @Test
    void checksAtTheFastIntervalWhileThereIsNoPrimary() throws Exception {
        makePool(schedule(FOREVER, SHORT, FOREVER, FOREVER));
        resolveAndStart();
        probe.finding = new Finding(Role.REPLICA, 1, "");
        probe.answer(FIRST, null);
        probe.awaitPause();
        states.suspect(server(0));
        for (int i = 0; i < 5; i++) {
            probe.answer(FIRST, null);
        }
    }

    @Test
    void closesProbesWhenItIsClosed() throws Exception {
        makePool(schedule(SHORT, SHORT, SHORT, FOREVER));
        resolveAndStart();
        probe.answer(FIRST, null);
        checker.close();
        assertTrue(probe.closed.await(20, SECONDS));
    }

    @Test
    void closesProbesThatPause() throws Exception {
        makePool(schedule(FOREVER, FOREVER, FOREVER, FOREVER));
        resolveAndStart();
        probe.answer(FIRST, null);
        probe.awaitPause();
        checker.close();
        assertTrue(probe.closed.await(20, SECONDS));
        assertEquals(1, probe.checks.get());
    }

    private void makePool(HealthCheckConfig.Schedule schedule) {
        settings.healthCheck(schedule);
        pool = settings.pool();
        states = new ServerStates(pool, (work, delayNs) -> { }, new ManualClock());
        checker = new HealthChecker(pool, states, settings.config().healthCheck().orElseThrow(),
                _ -> probe);
        states.onSuspicion(checker::checkSoon);
    }

    private static HealthCheckConfig.Schedule schedule(
            Duration interval, Duration fast, Duration down, Duration timeout) {
        return new HealthCheckConfig.Schedule(interval, fast, down, timeout, 2, 3);
    }

    private void resolveAndStart() {
        PoolSettings.resolve(pool, states);
        checker.start(pool.servers());
    }

    private Server server(int index) {
        return pool.servers().get(index);
    }

    private void awaitState(ServerState state) {
        await().atMost(20, SECONDS).until(() -> server(0).state() == state);
    }

    /** Each check waits for the test to say how it ends, so that when the next one has its answer, this one counts. */
    private static final class ScriptedProbe implements Probe {

        static final String UNCHECKED = "unchecked";
        static final String OWN = "own";
        private static final String GOOD = "good";

        private final Map<InetSocketAddress, SynchronousQueue<String>> answers = new ConcurrentHashMap<>();
        private final AtomicInteger checks = new AtomicInteger();
        private final Semaphore checksBegun = new Semaphore(0);
        private final Semaphore pausesBegun = new Semaphore(0);
        private final Semaphore pauseEnds = new Semaphore(0);
        private final CountDownLatch closed = new CountDownLatch(1);
        private volatile Finding finding = Finding.WORKS;
        private volatile boolean pausesNot;

        /** Waits for the next check to begin. */
        void awaitCheck() throws InterruptedException {
            assertTrue(checksBegun.tryAcquire(20, SECONDS), "no check came");
        }

        /** Waits for the next pause to begin. */
        void awaitPause() throws InterruptedException {
            assertTrue(pausesBegun.tryAcquire(20, SECONDS), "no pause came");
        }

        /** @param failure null: the server works */
        void answer(InetSocketAddress server, String failure) throws InterruptedException {
            if (!answers(server).offer(failure == null ? GOOD : failure, 20, SECONDS)) {
                throw new AssertionError("no check came");
            }
        }

        @Override
        public Finding check(InetSocketAddress server, Duration timeout) throws IOException {
            checks.incrementAndGet();
            checksBegun.release();
            try {
                String answer = answers(server).take();
                if (answer.equals(UNCHECKED)) {
                    throw new IllegalStateException("thrown by a test");
                }
                if (answer.equals(OWN)) {
                    throw new OwnFailureException(new IOException("Too many open files"));
                }
                if (!answer.equals(GOOD)) {
                    throw new IOException(answer);
                }
                return finding;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }

        @Override
        public void pause(Duration length) throws InterruptedException {
            pausesBegun.release();
            try {
                if (!pausesNot) {
                    Thread.sleep(length);
                }
            } finally {
                pauseEnds.release();
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }

        private SynchronousQueue<String> answers(InetSocketAddress server) {
            return answers.computeIfAbsent(server, key -> new SynchronousQueue<>());
        }
    }
}
