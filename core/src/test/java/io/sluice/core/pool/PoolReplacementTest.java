package io.sluice.core.pool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.Endpoint;
import io.sluice.config.HealthCheckConfig;
import io.sluice.config.LoginConfig;
import io.sluice.config.PassiveConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.Balance;
import io.sluice.config.PoolConfig.InitialState;
import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.loop.ManualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a pool and its servers when another configuration is put in force. */
class PoolReplacementTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5432);
    private static final HealthCheckConfig.Schedule CHECKS = new HealthCheckConfig.Schedule(Duration.ofSeconds(2),
            Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3);
    private static final PassiveConfig PASSIVE = new PassiveConfig(1, Duration.ofSeconds(10), 100);

    private static final HealthCheckConfig ROLES = new HealthCheckConfig.Redis(CHECKS, new LoginConfig(Optional.empty(),
            Optional.empty(), new LoginConfig.Tls(LoginConfig.Tls.Mode.DISABLE, Optional.empty()), Optional.empty(),
            Optional.empty()));

    private final ManualClock clock = new ManualClock();
    private final ManualScheduler scheduler = new ManualScheduler(clock);
    private final HandDriven home = new HandDriven();
    private final List<String> told = new ArrayList<>();
    private Pool pool;
    private ServerStates states;

    @AfterEach
    void close() {
        home.close();
    }

    @Test
    void keepsServersOfTheSameNameAndAddress() {
        make(settings("a", "b"));
        Server a = server("a");
        Server b = server("b");
        replace(settings("c", "b").server(config("a", 9, AdminState.READY)));
        assertSame(a, server("a"));
        assertSame(b, server("b"));
        assertEquals(9, a.config().weight());
        assertEquals(List.of("c", "b", "a"), pool.servers().stream().map(Server::name).toList());
    }

    @Test
    void takesTheSameNameAtAnotherAddressForAnotherServer() {
        make(settings("a"));
        Server before = server("a");
        replace(new PoolSettings().server(new ServerConfig("a", new Endpoint("192.0.2.1", 9), 1, false, 9,
                AdminState.READY)));
        assertNotSame(before, server("a"));
    }

    @Test
    void givesNewServersIndicesThatNoOtherHas() {
        make(settings("a", "b", "c"));
        replace(settings("d", "b", "e", "f"));
        assertEquals(List.of(0, 1, 2, 3), pool.servers().stream().map(Server::index).toList());
        assertEquals(1, server("b").index());
    }

    @Test
    void choosesAnExpectedServerOnlyOnceItIsAdopted() {
        make(settings("a").healthCheck(CHECKS));
        states.healthy(server("a"), "test");
        PoolConfig next = settings("a", "b").healthCheck(CHECKS).config();
        List<Server> members = pool.serversFor(next);
        states.expect(members.get(1), next);
        states.resolved(members.get(1), ADDRESS);
        states.healthy(members.get(1), "test");
        assertEquals("a a", picks(2));
        states.adopt(next, members);
        assertEquals("a b", picks(2));
    }

    @Test
    void tellsOfAServersStateOnlyOnceItJoins() {
        make(settings("a").healthCheck(CHECKS));
        PoolConfig next = settings("a", "b", "c").healthCheck(CHECKS).config();
        List<Server> members = pool.serversFor(next);
        for (Server member : members.subList(1, 3)) {
            states.expect(member, next);
            states.resolved(member, ADDRESS);
        }
        states.healthy(members.get(1), "it answers");
        states.unhealthy(members.get(2), "it does not");
        assertNull(members.get(1).lastChange());
        assertNull(members.get(2).lastChange());
        states.adopt(next, members);
        assertChanged(server("b"), ServerState.UP, "it answers");
        assertChanged(server("c"), ServerState.DOWN, "it does not");
    }

    private static void assertChanged(Server server, ServerState to, String reason) {
        assertNull(server.lastChange().from());
        assertEquals(to, server.lastChange().to());
        assertEquals(reason, server.lastChange().reason());
    }

    @Test
    void choosesNoNewServerBeforeItsFirstCheckUnlessToldSo() {
        make(settings("a").healthCheck(CHECKS));
        states.healthy(server("a"), "test");
        replace(settings("a", "b").healthCheck(CHECKS));
        assertEquals("a a", picks(2));
        replace(settings("a", "b", "c").healthCheck(CHECKS).initialState(InitialState.UP));
        assertEquals("a c", picks(2));
    }

    @Test
    void leavesDownWhatIsDownAndOutWhatIsOut() {
        make(settings("a", "b", "c").healthCheck(CHECKS).passive(PASSIVE));
        states.healthy(server("a"), "test");
        states.healthy(server("b"), "test");
        states.unhealthy(server("c"), "test");
        ejectByOneMoreFailure(server("a"));
        replace(settings("a", "b", "c", "d").healthCheck(CHECKS).passive(PASSIVE).balance(Balance.FIRST));
        assertEquals(ServerState.EJECTED, server("a").state());
        assertEquals(ServerState.DOWN, server("c").state());
        assertEquals("b b", picks(2));
        scheduler.pass(Duration.ofSeconds(10));
        assertEquals(ServerState.UP, server("a").state());
    }

    @Test
    void takesOutAServerThatLeavesAndBelievesNothingAboutItAnyMore() {
        make(settings("a", "b").healthCheck(CHECKS).passive(PASSIVE));
        states.healthy(server("a"), "test");
        states.healthy(server("b"), "test");
        Server leaving = server("b");
        ejectByOneMoreFailure(leaving);
        replace(settings("a").healthCheck(CHECKS).passive(PASSIVE));
        assertEquals(ServerState.MAINTENANCE, leaving.state());
        scheduler.pass(Duration.ofSeconds(10));
        states.unhealthy(leaving, "test");
        states.healthy(leaving, "test");
        states.found(leaving, Role.PRIMARY, 1, "", clock.getAsLong());
        states.resolved(leaving, ADDRESS);
        assertEquals(ServerState.MAINTENANCE, leaving.state());
        assertEquals(Role.UNKNOWN, leaving.role());
        assertEquals("a a", picks(2));
        assertEquals(List.of(), told);
    }

    /** It would otherwise get new connections, or let those who wait for one wait in vain. */
    @Test
    void nobodyWaitsForAServerThatLeaves() {
        make(settings("a", "b"));
        Server leaving = server("b");
        while (leaving.tryAcquire()) {
            Thread.onSpinWait();
        }
        pool.tryWait(new Waiter(new Target(pool, Wanted.ANY), leaving, 0, TriedServers.NONE, home.loop().mailbox(),
                new Waiter.Handler() {
                    @Override
                    public void onServerGranted(Server server) {
                        told.add("granted " + server);
                    }

                    @Override
                    public void onNoServer() {
                        told.add("none");
                    }
                }));
        home.turn();
        replace(settings("a"));
        home.turn();
        home.turn();
        assertEquals(List.of("none"), told);
    }

    @Test
    void awaitsACheckOfAServerThatComesBackFromMaintenance() {
        make(new PoolSettings().server(config("a", 1, AdminState.MAINTENANCE)).healthCheck(CHECKS));
        replace(settings("a").healthCheck(CHECKS));
        assertNull(pool.pick(Wanted.ANY, 0, TriedServers.NONE));
        states.healthy(server("a"), "test");
        assertEquals("a", picks(1));
    }

    @Test
    void takesAllServersForUpOnceTheyAreNotCheckedAnyMore() {
        make(settings("a", "b").healthCheck(CHECKS));
        states.unhealthy(server("a"), "test");
        replace(settings("a", "b"));
        assertEquals("a b", picks(2));
    }

    @Test
    void keepsServersUpOnceTheyAreChecked() {
        make(settings("a", "b"));
        replace(settings("a", "b").healthCheck(CHECKS));
        assertEquals("a b", picks(2));
        assertEquals(Health.GOOD, states.health(server("a")));
    }

    @Test
    void countsFailuresAnewOnceTheirBoundIsAnotherOne() {
        make(settings("a", "b").passive(new PassiveConfig(5, Duration.ofSeconds(10), 100)));
        for (int i = 0; i < 4; i++) {
            states.passiveChecks().connectFailed(server("a"));
        }
        replace(settings("a", "b").passive(new PassiveConfig(2, Duration.ofSeconds(10), 100)));
        states.passiveChecks().connectFailed(server("a"));
        assertEquals(ServerState.UP, server("a").state());
        ejectByOneMoreFailure(server("a"));
    }

    @Test
    void goesOnCountingFailuresWhoseBoundIsTheSame() {
        make(settings("a", "b").passive(new PassiveConfig(5, Duration.ofSeconds(10), 100)));
        states.passiveChecks().connectFailed(server("a"));
        replace(settings("a", "b", "c").passive(new PassiveConfig(5, Duration.ofSeconds(10), 100)));
        assertEquals(2, server("a").connectFailures().lengthen());
    }

    @Test
    void startsServersSlowlyAsTheNewConfigurationSays() {
        make(settings("a", "b"));
        replace(settings("a", "b").slowStart(Duration.ofSeconds(20)));
        states.unhealthy(server("a"), "test");
        states.healthy(server("a"), "test");
        assertEquals("b b b b", picks(4));
        replace(settings("a", "b"));
        assertEquals("a b a b", picks(4));
    }

    @Test
    void forgetsServersThatDoNotJoinAfterAll() {
        make(settings("a").healthCheck(CHECKS));
        PoolConfig next = settings("a", "b").healthCheck(CHECKS).config();
        List<Server> members = pool.serversFor(next);
        states.expect(members.get(1), next);
        states.forget(members.subList(1, 2));
        states.resolved(members.get(1), ADDRESS);
        states.healthy(members.get(1), "test");
        assertEquals(ServerState.DOWN, members.get(1).state());
    }

    @Test
    void believesNothingMoreOfRolesOnceNoCheckTellsThem() {
        make(settings("a").healthCheck(ROLES));
        found("a", server("a"), 1);
        replace(settings("a").healthCheck(CHECKS));
        assertEquals(Role.UNKNOWN, server("a").role());
    }

    @Test
    void demotesNoPrimaryThatHasLeft() {
        make(settings("a", "b").healthCheck(ROLES));
        found("a", server("a"), 1);
        replace(settings("b").healthCheck(ROLES));
        found("b", server("b"), 2);
        assertEquals(List.of(), told);
    }

    @Test
    void remembersADeadPrimaryThatHasLeft() {
        makeWithPrimary();
        states.unhealthy(server("a"), "test");
        replace(settings("b").healthCheck(ROLES));
        assertFalse(someoneMayWrite());
        replace(settings("b", "c").healthCheck(ROLES));
        assertFalse(someoneMayWrite());
        replace(settings("d").healthCheck(ROLES));
        assertTrue(someoneMayWrite(), "the primary of other servers is not known");
    }

    @Test
    void thinksThatAPrimaryWritesThatHasLeftAlive() {
        makeWithPrimary();
        replace(settings("b").healthCheck(ROLES));
        assertTrue(someoneMayWrite());
    }

    @Test
    void thinksThatAPrimaryWritesThatHasLeftFromMaintenance() {
        makeWithPrimary();
        states.direct(server("a"), new Directive(Optional.of(AdminState.MAINTENANCE), Optional.empty()));
        assertFalse(someoneMayWrite());
        replace(settings("b").healthCheck(ROLES));
        assertTrue(someoneMayWrite());
    }

    @Test
    void thinksThatAPrimaryWritesThatItHasLostWhileNoCheckToldRoles() {
        makeWithPrimary();
        replace(settings("a", "b").healthCheck(CHECKS));
        replace(settings("b").healthCheck(ROLES));
        assertTrue(someoneMayWrite());
    }

    private void makeWithPrimary() {
        make(settings("a", "b").healthCheck(ROLES));
        found("a", server("a"), 1);
    }

    private boolean someoneMayWrite() {
        return pool.writtenUntilNs(Long.MAX_VALUE) == Long.MAX_VALUE;
    }

    @Test
    void forgetsLagsOnceNoCheckTellsThem() {
        make(settings("a").healthCheck(ROLES));
        states.found(server("a"), Role.REPLICA, 0, "test", clock.getAsLong());
        server("a").lag(new KnownLag(Duration.ZERO, clock.getAsLong()));
        replace(settings("a").healthCheck(ROLES).maxQueue(1));
        assertNotNull(server("a").lag());
        replace(settings("a").healthCheck(CHECKS));
        assertNull(server("a").lag());
    }

    @Test
    void believesAPrimaryThatJoins() {
        make(settings("a").healthCheck(ROLES));
        found("a", server("a"), 1);
        PoolConfig next = settings("a", "b").healthCheck(ROLES).config();
        List<Server> members = pool.serversFor(next);
        states.expect(members.get(1), next);
        states.resolved(members.get(1), ADDRESS);
        found("b", members.get(1), 2);
        assertEquals(Role.PRIMARY, server("a").role());
        states.adopt(next, members);
        assertEquals(Role.NONE, server("a").role());
        assertEquals(Role.PRIMARY, server("b").role());
        assertEquals(List.of("a demoted"), told);
    }

    @Test
    void boundsTheQueueAsTheNewConfigurationSays() {
        make(settings("a").maxQueue(0));
        replace(settings("a").maxQueue(1));
        Waiter waiter =
                new Waiter(new Target(pool, Wanted.ANY), null, 0, TriedServers.NONE, home.loop().mailbox(), null);
        assertTrue(pool.tryWait(waiter));
        assertFalse(pool.tryWait(waiter));
    }

    /** Not by more failures than it takes: another thread would eject the server again, later. */
    private void ejectByOneMoreFailure(Server server) {
        states.passiveChecks().connectFailed(server);
        await().until(() -> server.state() == ServerState.EJECTED);
    }

    private void found(String name, Server server, long timeline) {
        states.found(server, Role.PRIMARY, timeline, name, clock.getAsLong());
        states.healthy(server, name);
    }

    private static PoolSettings settings(String... names) {
        PoolSettings settings = new PoolSettings();
        for (String name : names) {
            settings.server(config(name, 1, AdminState.READY));
        }
        return settings;
    }

    private static ServerConfig config(String name, int weight, AdminState state) {
        return new ServerConfig(name, new Endpoint("192.0.2.1", 5432), weight, false, 100, state);
    }

    private void make(PoolSettings settings) {
        pool = settings.pool();
        pool.home(home.loop().mailbox());
        states = new ServerStates(pool, scheduler, clock);
        states.observe(new PoolObserver() {
            @Override
            public void onDown(Pool at, Server server) {
                told.add(server + " down");
            }

            @Override
            public void onDemoted(Pool at, Server server) {
                told.add(server + " demoted");
            }
        });
        PoolSettings.resolve(pool, states);
    }

    private void replace(PoolSettings settings) {
        PoolConfig next = settings.config();
        List<Server> members = pool.serversFor(next);
        for (Server member : members) {
            if (!pool.servers().contains(member)) {
                states.expect(member, next);
                states.resolved(member, ADDRESS);
            }
        }
        states.adopt(next, members);
    }

    private Server server(String name) {
        return pool.servers().stream().filter(server -> server.name().equals(name)).findFirst().orElseThrow();
    }

    private String picks(int count) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < count; i++) {
            Server server = pool.pick(Wanted.ANY, 0, TriedServers.NONE);
            names.append(i == 0 ? "" : " ").append(server);
            pool.release(server);
        }
        return names.toString();
    }
}
