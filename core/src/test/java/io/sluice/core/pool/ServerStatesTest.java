package io.sluice.core.pool;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.config.Endpoint;
import io.sluice.config.HealthCheckConfig;
import io.sluice.config.PassiveConfig;
import io.sluice.config.PoolConfig.InitialState;
import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.loop.ManualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerStatesTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5432);
    private static final HealthCheckConfig.Schedule CHECKS = new HealthCheckConfig.Schedule(Duration.ofSeconds(2),
            Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3);
    private static final int CONNECT_FAILURES = 3;

    private final ManualClock clock = new ManualClock();
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final PoolSettings settings = new PoolSettings()
            .passive(new PassiveConfig(CONNECT_FAILURES, Duration.ofSeconds(10), 50));
    private final List<String> downs = new ArrayList<>();
    private final List<String> available = new ArrayList<>();
    private Pool pool;
    private ServerStates states;

    @Test
    void takesAServerWithoutHealthChecksForUpOnceItHasAnAddress() {
        makePool(1, settings);
        assertEquals(ServerState.DOWN, server(0).state());
        assertNull(pick());
        states.resolved(server(0), ADDRESS);
        assertEquals(ServerState.UP, server(0).state());
        assertEquals(server(0), pick());
        assertEquals(ADDRESS, server(0).address());
    }

    @Test
    void waitsForTheFirstHealthCheck() {
        makePool(1, settings.healthCheck(CHECKS));
        states.resolved(server(0), ADDRESS);
        assertEquals(ServerState.DOWN, server(0).state());
        states.healthy(server(0), "test");
        assertEquals(ServerState.UP, server(0).state());
    }

    @Test
    void believesInTheInitialStateUntilAHealthCheckSaysOtherwise() {
        makePool(1, settings.healthCheck(CHECKS).initialState(InitialState.UP));
        states.resolved(server(0), ADDRESS);
        assertEquals(ServerState.UP, server(0).state());
        states.unhealthy(server(0), "test");
        assertEquals(ServerState.DOWN, server(0).state());
    }

    @Test
    void takesAnUnresolvedServerForDownUntilItResolves() {
        makePool(2, settings);
        states.unresolved(server(0), "test");
        states.resolved(server(1), ADDRESS);
        assertEquals("s1 s1", picks(2));
        states.resolved(server(0), ADDRESS);
        assertEquals("s0 s1", picks(2));
    }

    @Test
    void tellsObserversOnceOfEachTimeAServerGoesDown() {
        makePool(2, settings);
        states.unhealthy(server(0), "never was up");
        resolveAll();
        states.healthy(server(0), "test");
        assertEquals(List.of(), downs);
        states.unhealthy(server(0), "test");
        states.unhealthy(server(0), "still");
        assertEquals(List.of("s0"), downs);
        states.healthy(server(0), "test");
        states.unhealthy(server(0), "test");
        assertEquals(List.of("s0", "s0"), downs);
    }

    @Test
    void tellsObserversOnceOfEachTimeAServerBecomesAvailable() {
        makePool(2, settings.slowStart(Duration.ofSeconds(20)));
        resolveAll();
        assertEquals(List.of("s0", "s1"), available);
        states.healthy(server(0), "still");
        available.clear();
        states.unhealthy(server(0), "test");
        states.healthy(server(0), "test");
        assertEquals(List.of("s0"), available);
        scheduler.pass(Duration.ofSeconds(20));
        states.direct(server(0), new Directive(Optional.of(AdminState.DRAIN), Optional.empty()));
        assertEquals(List.of("s0"), available, "neither when its weight grows nor when it drains");
        states.direct(server(0), Directive.NONE);
        assertEquals(List.of("s0", "s0"), available);
    }

    @Test
    void tellsObserversWhenAServerIsReadmitted() {
        makePool(2, settings);
        resolveAll();
        eject(server(0));
        available.clear();
        scheduler.pass(Duration.ofSeconds(10));
        assertEquals(List.of("s0"), available);
    }

    @Test
    void tellsObserversWhenAServerThatIsUpChangesItsRole() {
        makePool(2, settings);
        resolveAll();
        available.clear();
        states.found(server(0), Role.REPLICA, 1, "test", clock.getAsLong());
        states.found(server(0), Role.REPLICA, 1, "test", clock.getAsLong());
        assertEquals(List.of("s0"), available);
        states.found(server(0), Role.NONE, 1, "test", clock.getAsLong());
        assertEquals(List.of("s0"), available, "it has lost one");
        states.unhealthy(server(1), "test");
        states.found(server(1), Role.REPLICA, 1, "test", clock.getAsLong());
        assertEquals(List.of("s0"), available);
    }

    @Test
    void ejectsAServerAfterFailuresInARow() {
        makePool(2, settings);
        resolveAll();
        fail(server(0), CONNECT_FAILURES - 1);
        states.passiveChecks().connectSucceeded(server(0));
        assertEquals(1, server(0).connectFailures().lengthen(), "the row goes on");
        fail(server(0), CONNECT_FAILURES - 1);
        await().until(() -> server(0).state() == ServerState.EJECTED);
        await().until(() -> picks(2).equals("s1 s1"));
        assertEquals(List.of(), downs);
    }

    @Test
    void endsARowOfFailuresOnceHealthChecksSayThatTheServerWorks() {
        makePool(2, settings);
        resolveAll();
        fail(server(0), CONNECT_FAILURES - 1);
        states.healthy(server(0), "test");
        assertEquals(1, server(0).connectFailures().lengthen());
    }

    @Test
    void hasAServerCheckedSoonThatCannotBeConnectedTo() {
        makePool(2, settings);
        List<Server> suspected = new ArrayList<>();
        states.onSuspicion(suspected::add);
        states.passiveChecks().connectFailed(server(1));
        assertEquals(List.of(server(1)), suspected);
    }

    @Test
    void neverEjectsWithoutALimitOfFailures() {
        makePool(2, settings.passive(new PassiveConfig(0, Duration.ofSeconds(10), 100)));
        resolveAll();
        fail(server(0), 1000);
        assertEquals(1, server(0).connectFailures().lengthen(), "failures are counted although nobody asks");
    }

    @Test
    void readmitsAServerWhenItsEjectionIsOver() {
        makePool(2, settings);
        resolveAll();
        eject(server(0));
        scheduler.pass(Duration.ofSeconds(10).minusNanos(1));
        assertEquals(ServerState.EJECTED, server(0).state());
        scheduler.pass(Duration.ofNanos(1));
        assertEquals(ServerState.UP, server(0).state());
    }

    @Test
    void ejectsForLongerEachTimeUnlessTheServerWasGoodForAsLong() {
        makePool(2, settings);
        resolveAll();
        for (int seconds = 10; seconds <= 40; seconds += 10) {
            assertEjectedFor(Duration.ofSeconds(seconds));
            scheduler.pass(Duration.ofSeconds(seconds));
        }
        scheduler.pass(Duration.ofNanos(1));
        assertEjectedFor(Duration.ofSeconds(10));
    }

    @Test
    void ejectsForNoLongerThanTheMost() {
        makePool(2, settings.passive(new PassiveConfig(CONNECT_FAILURES, Duration.ofMinutes(4), 50)));
        resolveAll();
        assertEjectedFor(Duration.ofMinutes(4));
        assertEjectedFor(PassiveConfig.MAX_EJECTION);
        assertEjectedFor(PassiveConfig.MAX_EJECTION);
    }

    private void assertEjectedFor(Duration length) {
        eject(server(0));
        scheduler.pass(length.minusNanos(1));
        assertEquals(ServerState.EJECTED, server(0).state());
        scheduler.pass(Duration.ofNanos(1));
        assertEquals(ServerState.UP, server(0).state());
    }

    @Test
    void ejectsNoMoreOfAPoolThanItMay() {
        makePool(3, settings);
        resolveAll();
        eject(server(0));
        fail(server(1), CONNECT_FAILURES);
        awaitDecision(server(1));
        assertEquals(ServerState.UP, server(1).state());
    }

    @Test
    void neverEjectsTheLastServerThatIsUp() {
        makePool(2, settings);
        resolveAll();
        states.unhealthy(server(0), "test");
        fail(server(1), CONNECT_FAILURES);
        awaitDecision(server(1));
        assertEquals(ServerState.UP, server(1).state());
    }

    @Test
    void endsAnEjectionWhenTheServerRecoversByItsHealthChecks() {
        makePool(2, settings);
        resolveAll();
        eject(server(0));
        states.unhealthy(server(0), "test");
        assertEquals(ServerState.DOWN, server(0).state());
        assertEquals(List.of("s0"), downs);
        states.healthy(server(0), "test");
        assertEquals(ServerState.UP, server(0).state());
    }

    @Test
    void keepsAServerDownThatFailsItsChecksWhenItsEjectionIsOver() {
        makePool(2, settings);
        resolveAll();
        eject(server(0));
        states.unhealthy(server(0), "test");
        scheduler.pass(Duration.ofSeconds(10));
        assertEquals(ServerState.DOWN, server(0).state());
        states.healthy(server(0), "test");
        assertEquals(ServerState.UP, server(0).state());
    }

    @Test
    void doesNotEndAnEjectionByTheTimerOfAnEarlierOneThatRecoveryEnded() {
        makePool(2, settings);
        resolveAll();
        eject(server(0));
        states.unhealthy(server(0), "test");
        states.healthy(server(0), "test");
        scheduler.pass(Duration.ofSeconds(5));
        eject(server(0));
        scheduler.pass(Duration.ofSeconds(10).minusNanos(1));
        assertEquals(ServerState.EJECTED, server(0).state());
        scheduler.pass(Duration.ofNanos(1));
        assertEquals(ServerState.UP, server(0).state());
    }

    @Test
    void tellsOfAddressesInTheirShortForm() {
        makePool(1, settings);
        states.resolved(server(0), new InetSocketAddress(InetAddress.ofLiteral("2001:db8:0:0:0:0:0:1"), 1));
        assertEquals("its address is 2001:db8::1", server(0).lastChange().reason());
    }

    @Test
    void letsTheShareOfAServerThatCameBackGrow() {
        makePool(2, settings.slowStart(Duration.ofSeconds(20)));
        resolveAll();
        states.unhealthy(server(1), "test");
        states.healthy(server(1), "test");
        assertEquals(5, shareOf(server(1), 105));
        scheduler.pass(Duration.ofSeconds(10));
        assertEquals(50, shareOf(server(1), 150));
        scheduler.pass(Duration.ofSeconds(9));
        assertEquals(95, shareOf(server(1), 195));
        scheduler.pass(Duration.ofSeconds(1));
        assertEquals(100, shareOf(server(1), 200));
        assertEquals(0, scheduler.pending(), "there is a step to nowhere");
    }

    @Test
    void startsAServerSlowlyFromTheBeginningWhenItComesBackAgain() {
        makePool(2, settings.slowStart(Duration.ofSeconds(20)));
        resolveAll();
        states.unhealthy(server(1), "test");
        states.healthy(server(1), "test");
        scheduler.pass(Duration.ofMillis(10_500));
        states.unhealthy(server(1), "test");
        states.healthy(server(1), "test");
        assertEquals(5, shareOf(server(1), 105));
        scheduler.pass(Duration.ofSeconds(20));
        assertEquals(100, shareOf(server(1), 200));
    }

    @Test
    void raisesAShareOnceAStepAlthoughTheServerCameBackTwiceWithinOne() {
        makePool(2, settings.slowStart(Duration.ofSeconds(20)));
        resolveAll();
        for (int i = 0; i < 2; i++) {
            states.unhealthy(server(1), "test");
            states.healthy(server(1), "test");
            scheduler.pass(Duration.ofMillis(600));
        }
        assertEquals(1, scheduler.pending());
    }

    @Test
    void startsAtFullWeightWhenSluiceItselfStarts() {
        makePool(2, settings.slowStart(Duration.ofSeconds(20)).healthCheck(CHECKS));
        resolveAll();
        states.healthy(server(0), "test");
        scheduler.pass(Duration.ofSeconds(10));
        states.healthy(server(1), "test");
        assertEquals(100, shareOf(server(1), 200));
    }

    @Test
    void choosesBackupsOnlyWhileThereIsNoOther() {
        settings.server(serverConfig("regular", 1, false)).server(serverConfig("backup1", 1, true))
                .server(serverConfig("backup2", 1, true));
        makePool(0, settings);
        resolveAll();
        assertEquals("regular regular", picks(2));
        states.unhealthy(server(0), "test");
        assertEquals("backup1 backup2", picks(2));
        states.healthy(server(0), "test");
        assertEquals("regular regular", picks(2));
    }

    @Test
    void letsWhoHasTriedAllOthersTryTheBackups() {
        makePool(0, settings.server(serverConfig("regular", 1, false)).server(serverConfig("backup", 1, true)));
        resolveAll();
        TriedServers tried = new TriedServers();
        assertEquals("regular", pool.pick(Wanted.ANY, 0, tried).name());
        tried.add(server(0));
        assertTrue(pool.hasUntried(Wanted.ANY, tried));
        assertEquals("backup", pool.pick(Wanted.ANY, 0, tried).name());
        tried.add(server(1));
        assertFalse(pool.hasUntried(Wanted.ANY, tried));
        assertNull(pool.pick(Wanted.ANY, 0, tried));
    }

    @Test
    void drainsAServerOfWeightZero() {
        makePool(0, settings.server(serverConfig("a", 0, false)).server(serverConfig("b", 1, false)));
        resolveAll();
        assertEquals(ServerState.DRAINING, server(0).state());
        assertEquals("b b", picks(2));
    }

    @Test
    void drainsAndTakesOutAsConfigured() {
        makePool(0, settings
                .server(serverConfig("draining", AdminState.DRAIN))
                .server(serverConfig("out", AdminState.MAINTENANCE))
                .server(serverConfig("ready", AdminState.READY)));
        resolveAll();
        assertEquals(ServerState.DRAINING, server(0).state());
        assertEquals(ServerState.MAINTENANCE, server(1).state());
        assertEquals("ready ready", picks(2));
        states.unhealthy(server(1), "test");
        assertEquals(ServerState.MAINTENANCE, server(1).state());
        assertTrue(downs.isEmpty());
    }

    @Test
    void believesTheOperatorBeforeTheConfiguration() {
        makePool(0, settings.server(serverConfig("a", 1, false)).server(serverConfig("b", AdminState.DRAIN)));
        resolveAll();
        states.direct(server(0), new Directive(Optional.of(AdminState.DRAIN), Optional.empty()));
        states.direct(server(1), new Directive(Optional.of(AdminState.READY), Optional.of(3)));
        assertEquals(ServerState.DRAINING, server(0).state());
        assertEquals(3, server(1).weight());
        assertEquals("b b", picks(2));
        states.direct(server(0), new Directive(Optional.empty(), Optional.of(0)));
        assertEquals(ServerState.DRAINING, server(0).state());
        states.direct(server(0), Directive.NONE);
        assertEquals(6, shareOf(server(1), 8));
        states.direct(server(1), new Directive(Optional.of(AdminState.READY), Optional.empty()));
        assertEquals(4, shareOf(server(1), 8));
        assertTrue(downs.isEmpty());
    }

    @Test
    void believesTheOperatorFromTheFirstMomentOn() {
        makePool(0, settings.server(serverConfig("a", 1, false)).server(serverConfig("b", 1, false)));
        states.direct(server(0), new Directive(Optional.of(AdminState.MAINTENANCE), Optional.empty()));
        resolveAll();
        assertEquals(ServerState.MAINTENANCE, server(0).state());
        assertEquals("b b", picks(2));
    }

    @Test
    void forgetsTheLagOfAServerThatTheOperatorHadTakenOut() {
        makePool(1, settings.healthCheck(CHECKS));
        resolveAll();
        states.healthy(server(0), "test");
        states.direct(server(0), new Directive(Optional.of(AdminState.MAINTENANCE), Optional.empty()));
        // A check that was under way has come to its end.
        server(0).lag(new KnownLag(Duration.ZERO, clock.getAsLong()));
        states.direct(server(0), Directive.NONE);
        assertNull(server(0).lag());
    }

    @Test
    void awaitsACheckOfAServerThatTheOperatorHadTakenOut() {
        makePool(1, settings.healthCheck(CHECKS));
        states.direct(server(0), new Directive(Optional.of(AdminState.MAINTENANCE), Optional.empty()));
        resolveAll();
        assertEquals(ServerState.MAINTENANCE, server(0).state(), "for that nobody has to check it");
        states.direct(server(0), Directive.NONE);
        states.healthy(server(0), "test");
        assertEquals(ServerState.UP, server(0).state());
        states.direct(server(0), new Directive(Optional.of(AdminState.MAINTENANCE), Optional.empty()));
        states.direct(server(0), Directive.NONE);
        assertNull(pick());
        states.healthy(server(0), "test");
        assertEquals(server(0), pick());
    }

    @Test
    void takesAServerThatComesBackFromMaintenanceForDownUntilItIsChecked() {
        takeOutAndBack();
        assertChanged(ServerState.MAINTENANCE, ServerState.DOWN, "it has yet to be checked");
        states.healthy(server(0), "it answers");
        assertChanged(ServerState.DOWN, ServerState.UP, "it answers");
        assertEquals(List.of(), downs);
        assertEquals(0, scheduler.pending(), "it starts slowly, as if it had failed");
    }

    @Test
    void tellsThatAServerThatComesBackFromMaintenanceFails() {
        takeOutAndBack();
        assertEquals(List.of(), downs);
        states.unhealthy(server(0), "it does not answer");
        assertChanged(ServerState.MAINTENANCE, ServerState.DOWN, "it does not answer");
        assertEquals(List.of("s0"), downs);
    }

    @Test
    void takesAServerOutAgainThatHasYetToBeChecked() {
        takeOutAndBack();
        states.direct(server(0), new Directive(Optional.of(AdminState.MAINTENANCE), Optional.empty()));
        assertEquals(ServerState.MAINTENANCE, server(0).state());
    }

    private void takeOutAndBack() {
        makePool(1, settings.healthCheck(CHECKS).slowStart(Duration.ofSeconds(20)));
        resolveAll();
        states.healthy(server(0), "test");
        states.direct(server(0), new Directive(Optional.of(AdminState.MAINTENANCE), Optional.empty()));
        states.direct(server(0), Directive.NONE);
        assertEquals(ServerState.DOWN, server(0).state());
    }

    private void assertChanged(ServerState from, ServerState to, String reason) {
        StateChange change = server(0).lastChange();
        assertEquals(List.of(from, to, reason), List.of(change.from(), change.to(), change.reason()));
    }

    private void makePool(int servers, PoolSettings poolSettings) {
        for (int i = 0; i < servers; i++) {
            poolSettings.server(ADDRESS);
        }
        pool = poolSettings.pool();
        states = new ServerStates(pool, scheduler, clock);
        states.observe(new PoolObserver() {
            @Override
            public void onDown(Pool observed, Server server) {
                downs.add(server.name());
            }

            @Override
            public void onAvailable(Pool observed, Server server) {
                available.add(server.name());
            }
        });
    }

    private static ServerConfig serverConfig(String name, int weight, boolean backup) {
        return new ServerConfig(
                name, new Endpoint("192.0.2.1", 5432), weight, backup, Integer.MAX_VALUE, AdminState.READY);
    }

    private static ServerConfig serverConfig(String name, AdminState state) {
        return new ServerConfig(name, new Endpoint("192.0.2.1", 5432), 1, false, Integer.MAX_VALUE, state);
    }

    private void resolveAll() {
        PoolSettings.resolve(pool, states);
    }

    private Server server(int index) {
        return pool.servers().get(index);
    }

    private void fail(Server server, int times) {
        for (int i = 0; i < times; i++) {
            states.passiveChecks().connectFailed(server);
        }
    }

    private void eject(Server server) {
        fail(server, CONNECT_FAILURES);
        await().atMost(20, SECONDS).until(() -> server.state() == ServerState.EJECTED);
    }

    /** Returns when it has been decided whether the server's failures eject it. */
    private void awaitDecision(Server server) {
        // A row of failures that is being dealt with starts again at 1, under a lock that the other call waits for.
        await().until(() -> server.connectFailures().lengthen() == 1);
        states.health(server);
    }

    private Server pick() {
        Server picked = pool.pick(Wanted.ANY, 0, TriedServers.NONE);
        if (picked != null) {
            pool.release(picked);
        }
        return picked;
    }

    private String picks(int count) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < count; i++) {
            names.append(i == 0 ? "" : " ").append(pick());
        }
        return names.toString();
    }

    private int shareOf(Server server, int picks) {
        int share = 0;
        for (int i = 0; i < picks; i++) {
            share += pick() == server ? 1 : 0;
        }
        return share;
    }
}
