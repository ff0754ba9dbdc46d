package io.sluice.core.pool;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.FailoverConfig.SplitBrain;
import io.sluice.config.HealthCheckConfig;
import io.sluice.config.PassiveConfig;
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

/** Servers a, b and c are s0, s1 and s2 of the pool. */
class RolesTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5432);
    private static final HealthCheckConfig.Schedule CHECKS = new HealthCheckConfig.Schedule(Duration.ofSeconds(1),
            Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 3);

    private static final long LATER = Long.MAX_VALUE;

    private final ManualClock clock = new ManualClock();
    private final PoolSettings settings = new PoolSettings().healthCheck(CHECKS)
            .server(ADDRESS).server(ADDRESS).server(ADDRESS);
    private final List<Server> demoted = new ArrayList<>();
    private final List<Server> suspected = new ArrayList<>();
    private Pool pool;
    private ServerStates states;
    private Server a;
    private Server b;
    private Server c;

    @Test
    void sendsEachToServersOfTheRoleThatItWants() {
        start();
        assertEquals("s0", picks(Wanted.PRIMARY));
        assertEquals("s1 s2", picks(Wanted.REPLICA));
        assertEquals("s1 s2", picks(Wanted.REPLICA_OR_PRIMARY));
        assertEquals("s0 s1 s2", picks(Wanted.ANY));
    }

    @Test
    void knowsNoServerOfARoleBeforeAHealthCheckHasToldIt() {
        makePool();
        for (Server server : pool.servers()) {
            states.healthy(server, "test");
        }
        assertEquals("", picks(Wanted.PRIMARY));
        assertEquals("", picks(Wanted.REPLICA_OR_PRIMARY));
        assertEquals("s0 s1 s2", picks(Wanted.ANY));
    }

    @Test
    void knowsTheRoleOfAServerBeforeItIsUp() {
        makePool();
        found(a, Role.PRIMARY, 1);
        assertEquals(Role.PRIMARY, a.role());
        assertEquals("", picks(Wanted.PRIMARY));
        states.healthy(a, "test");
        assertEquals("s0", picks(Wanted.PRIMARY));
    }

    @Test
    void hasTheOthersCheckedSoonOnceThePrimaryIsDown() {
        start();
        states.unhealthy(b, "test");
        assertEquals(List.of(), suspected);
        states.unhealthy(a, "test");
        assertEquals(List.of(b, c), suspected);
    }

    @Test
    void hasTheOthersCheckedSoonOnceThePrimaryIsOneNoMore() {
        start();
        found(a, Role.REPLICA, 0);
        assertEquals(List.of(b, c), suspected);
    }

    @Test
    void hasNoOneCheckedSoonOnceAnotherServerIsThePrimary() {
        start();
        found(b, Role.PRIMARY, 2);
        found(a, Role.REPLICA, 0);
        suspected.clear();
        states.unhealthy(a, "test");
        assertEquals(List.of(), suspected);
    }

    @Test
    void leavesTheRoleToAServerIntoWhichACheckCouldNotLook() {
        start();
        found(a, null, 0);
        found(b, null, 0);
        assertEquals(Role.PRIMARY, a.role());
        assertEquals(Role.REPLICA, b.role());
        found(b, Role.PRIMARY, 1);
        found(a, null, 0);
        found(b, Role.PRIMARY, 1);
        assertEquals(Role.NONE, a.role(), "its claim is as old as before, and repeated");
    }

    @Test
    void knowsUntilWhenAPrimaryMayHaveWritten() {
        start();
        assertEquals(LATER, pool.writtenUntilNs(LATER));
        found(a, Role.PRIMARY, 1);
        long firstSeenNs = clock.getAsLong();
        found(b, Role.REPLICA, 0);
        states.unhealthy(a, "test");
        assertEquals(firstSeenNs, pool.writtenUntilNs(LATER));
        found(b, Role.PRIMARY, 2);
        assertEquals(LATER, pool.writtenUntilNs(LATER));
        long nextSeenNs = clock.getAsLong();
        found(b, Role.REPLICA, 2);
        assertEquals(nextSeenNs, pool.writtenUntilNs(LATER));
    }

    @Test
    void thinksThatAPrimaryWritesThatTakesNoNewClients() {
        start();
        found(a, Role.PRIMARY, 1);
        states.direct(a, new Directive(Optional.of(AdminState.DRAIN), Optional.empty()));
        assertFalse(pool.hasPrimary());
        assertEquals(LATER, pool.writtenUntilNs(LATER), "its sessions go on writing");
        states.direct(a, new Directive(Optional.of(AdminState.MAINTENANCE), Optional.empty()));
        assertEquals(clock.getAsLong(), pool.writtenUntilNs(LATER), "nobody checks it");
    }

    @Test
    void thinksThatAPrimaryElsewhereWritesIfNoneOfItsServersHasEverBeenOne() {
        makePool();
        assertEquals(LATER, pool.writtenUntilNs(LATER));
        for (Server server : pool.servers()) {
            found(server, Role.REPLICA, 0);
            states.healthy(server, "test");
        }
        assertEquals(LATER, pool.writtenUntilNs(LATER));
    }

    @Test
    void fallsBackToThePrimaryOnlyWithoutAReplica() {
        start();
        found(b, Role.NONE, 0);
        assertEquals("s2 s2", picks(Wanted.REPLICA_OR_PRIMARY, 2));
        states.unhealthy(c, "test");
        assertEquals("s0", picks(Wanted.REPLICA_OR_PRIMARY));
        assertEquals("", picks(Wanted.REPLICA));
        found(b, Role.REPLICA, 0);
        assertEquals("s1", picks(Wanted.REPLICA_OR_PRIMARY));
    }

    @Test
    void fallsBackToThePrimaryForAClientThatHasTriedAllReplicas() {
        start();
        TriedServers tried = Servers.tried(b, c);
        assertTrue(pool.hasUntried(Wanted.REPLICA_OR_PRIMARY, tried));
        assertEquals(a, pool.pick(Wanted.REPLICA_OR_PRIMARY, 0, tried));
        assertNull(pool.pick(Wanted.REPLICA, 0, tried));
    }

    @Test
    void takesALaggingReplicaOutWithoutTakingItDown() {
        start();
        found(b, Role.NONE, 0);
        assertEquals(ServerState.UP, b.state());
        assertEquals(Role.NONE, b.role());
        assertEquals("s2 s2", picks(Wanted.REPLICA, 2));
    }

    @Test
    void tellsOfAPrimaryThatIsDemoted() {
        start();
        found(a, Role.REPLICA, 1);
        assertEquals(List.of(a), demoted);
        assertEquals(ServerState.UP, a.state());
        assertEquals("", picks(Wanted.PRIMARY));
        found(a, Role.REPLICA, 1);
        assertEquals(List.of(a), demoted);
    }

    @Test
    void tellsOfThePrimaryWhenAReloadHasChecksThatTellNoRoles() {
        start();
        var next = settings.config();
        assertFalse(next.tellsRoles());
        states.adopt(next, pool.serversFor(next));
        assertEquals(Role.UNKNOWN, a.role());
        assertEquals(List.of(a), demoted);
        assertEquals("", picks(Wanted.PRIMARY));
    }

    @Test
    void hasDecidedWhenItTellsOfADemotedPrimary() {
        start();
        List<String> seen = new ArrayList<>();
        states.observe(new PoolObserver() {
            @Override
            public void onDemoted(Pool observed, Server server) {
                seen.add(server + " is " + server.role() + ", picked is " + picks(Wanted.PRIMARY));
            }
        });
        found(b, Role.PRIMARY, 2);
        assertEquals(List.of("s0 is NONE, picked is s1"), seen);
    }

    @Test
    void keepsTheRoleOfAPrimaryThatIsDownUntilAnotherOneIsPrimary() {
        start();
        states.unhealthy(a, "test");
        assertEquals(Role.PRIMARY, a.role());
        assertEquals(List.of(), demoted);
        assertEquals("", picks(Wanted.PRIMARY));
        found(b, Role.PRIMARY, 2);
        assertEquals(Role.NONE, a.role());
        assertEquals(List.of(a), demoted);
        assertEquals("s1", picks(Wanted.PRIMARY));
    }

    @Test
    void takesThePrimaryBackThatWasOnlyDown() {
        start();
        states.unhealthy(a, "test");
        found(a, Role.PRIMARY, 1);
        states.healthy(a, "test");
        assertEquals("s0", picks(Wanted.PRIMARY));
        assertEquals(List.of(), demoted);
    }

    @Test
    void believesTheHighestTimelineAtOnce() {
        start();
        found(b, Role.PRIMARY, 2);
        assertEquals("s1 s1", picks(Wanted.PRIMARY, 2));
        assertEquals(Role.NONE, a.role());
        assertEquals(List.of(a), demoted);
        found(a, Role.PRIMARY, 1);
        assertEquals("s1 s1", picks(Wanted.PRIMARY, 2));
        found(a, Role.REPLICA, 2);
        assertEquals("s0 s2", picks(Wanted.REPLICA));
    }

    @Test
    void believesNoPrimaryOfALowerTimelineThanOneThatIsDown() {
        start();
        found(b, Role.PRIMARY, 2);
        states.unhealthy(b, "test");
        assertEquals("", picks(Wanted.PRIMARY));
        found(a, Role.PRIMARY, 1);
        assertEquals("", picks(Wanted.PRIMARY));
        found(c, Role.PRIMARY, 3);
        assertEquals("s2", picks(Wanted.PRIMARY));
    }

    @Test
    void believesALowerTimelineOnceTheHigherOneIsGivenUp() {
        start();
        found(b, Role.PRIMARY, 2);
        found(a, Role.PRIMARY, 1);
        found(b, Role.REPLICA, 1);
        assertEquals("s0", picks(Wanted.PRIMARY));
    }

    @Test
    void refusesAllPrimariesOfEqualTimelinesOnceTheyHaveRepeatedTheirClaims() {
        start(0);
        found(b, Role.PRIMARY, 0);
        assertEquals(List.of(a), suspected, "the other one was not asked again");
        assertEquals("s0", picks(Wanted.PRIMARY), "what is known of the other one may be old");
        found(a, Role.PRIMARY, 0);
        assertEquals("", picks(Wanted.PRIMARY));
        assertEquals(List.of(a), demoted);
        found(b, Role.PRIMARY, 0);
        assertEquals("", picks(Wanted.PRIMARY));
    }

    @Test
    void believesNoneOfThoseThatWereRefusedWhenAnotherOneClaims() {
        start(0);
        found(b, Role.PRIMARY, 0);
        found(a, Role.PRIMARY, 0);
        found(c, Role.PRIMARY, 0);
        assertEquals("", picks(Wanted.PRIMARY));
    }

    @Test
    void demotesAPrimaryWhoseRivalComesUp() {
        start(0);
        states.unhealthy(b, "test");
        found(b, Role.PRIMARY, 0);
        found(a, Role.PRIMARY, 0);
        assertEquals(List.of(), demoted);
        states.healthy(b, "test");
        assertEquals(List.of(a), demoted);
        assertEquals("", picks(Wanted.PRIMARY));
    }

    @Test
    void takesAPlannedSwitchForNoSplitBrain() {
        start(0);
        found(b, Role.PRIMARY, 0);
        found(a, Role.REPLICA, 0);
        assertEquals("s1", picks(Wanted.PRIMARY));
        assertEquals(List.of(a), demoted);
    }

    @Test
    void doesNotTakeACheckThatBeganBeforeTheOtherClaimForARepeatedClaim() {
        start(0);
        long startedNs = clock.getAsLong();
        clock.advance(Duration.ofMillis(1));
        found(b, Role.PRIMARY, 0);
        states.found(a, Role.PRIMARY, 0, "", startedNs);
        assertEquals("s0", picks(Wanted.PRIMARY));
    }

    @Test
    void believesTheOneThatIsLeftOfASplitBrain() {
        start(0);
        found(b, Role.PRIMARY, 0);
        found(a, Role.PRIMARY, 0);
        states.unhealthy(a, "test");
        assertEquals("s1", picks(Wanted.PRIMARY));
    }

    @Test
    void refusesAllPrimariesIfSoConfigured() {
        settings.splitBrain(SplitBrain.REFUSE);
        start();
        found(b, Role.PRIMARY, 2);
        assertEquals("s1", picks(Wanted.PRIMARY), "after a failover, what is known of the old primary is old");
        found(a, Role.PRIMARY, 1);
        assertEquals("", picks(Wanted.PRIMARY));
        assertEquals(List.of(a, b), demoted);
        found(a, Role.REPLICA, 2);
        assertEquals("s1", picks(Wanted.PRIMARY));
    }

    @Test
    void believesTheLatestPrimaryWithoutTimelinesIfSoConfigured() {
        settings.splitBrain(SplitBrain.LATEST);
        start(0);
        found(b, Role.PRIMARY, 0);
        assertEquals("s1", picks(Wanted.PRIMARY));
        states.unhealthy(a, "test");
        found(a, Role.PRIMARY, 0);
        states.healthy(a, "test");
        assertEquals("s1", picks(Wanted.PRIMARY), "an old primary that comes back is not newer");
        found(a, Role.REPLICA, 0);
        found(a, Role.PRIMARY, 0);
        assertEquals("s0", picks(Wanted.PRIMARY));
        states.unhealthy(a, "test");
        assertEquals("", picks(Wanted.PRIMARY), "the other is outdated");
    }

    @Test
    void believesNoneOfSeveralThatWerePrimaryFromTheStart() {
        settings.splitBrain(SplitBrain.LATEST);
        makePool();
        for (Server server : List.of(a, b)) {
            found(server, Role.PRIMARY, 0);
            states.healthy(server, "test");
        }
        found(a, Role.PRIMARY, 0);
        assertEquals("", picks(Wanted.PRIMARY));
    }

    @Test
    void believesTheHighestTimelineEvenIfAnotherIsTheLatest() {
        settings.splitBrain(SplitBrain.LATEST);
        start(2);
        found(b, Role.PRIMARY, 1);
        assertEquals("s0", picks(Wanted.PRIMARY));
    }

    @Test
    void admitsNoServerThatHasLostTheRole() {
        start();
        assertTrue(target(Wanted.PRIMARY).admits(a));
        assertTrue(target(Wanted.REPLICA).admits(b));
        assertFalse(target(Wanted.REPLICA).admits(a));
        assertTrue(target(Wanted.REPLICA_OR_PRIMARY).admits(a));
        found(b, Role.PRIMARY, 2);
        assertFalse(target(Wanted.PRIMARY).admits(a));
        assertTrue(target(Wanted.PRIMARY).admits(b));
        assertFalse(target(Wanted.REPLICA_OR_PRIMARY).admits(a));
        assertTrue(target(Wanted.ANY).admits(a));
    }

    @Test
    void neverEjectsTheOnlyPrimary() {
        settings.passive(new PassiveConfig(1, Duration.ofSeconds(10), 100));
        start();
        states.passiveChecks().connectFailed(a);
        // A row of failures that has been dealt with starts again at 1.
        await().atMost(20, SECONDS).until(() -> a.connectFailures().lengthen() == 1);
        assertEquals(ServerState.UP, a.state());
    }

    @Test
    void putsBackupReplicasBetweenReplicasAndThePrimary() {
        settings.server(new ServerConfig("backup", settings.config().servers().getFirst().address(), 1,
                true, 10, AdminState.READY));
        start();
        Server backup = pool.servers().get(3);
        states.healthy(backup, "test");
        found(backup, Role.REPLICA, 1);
        assertEquals(b, pool.pick(Wanted.REPLICA_OR_PRIMARY, 0, Servers.tried(c)));
        assertEquals(backup, pool.pick(Wanted.REPLICA_OR_PRIMARY, 0, Servers.tried(b, c)));
        assertEquals(a, pool.pick(Wanted.REPLICA_OR_PRIMARY, 0, Servers.tried(b, c, backup)));
    }

    private void start() {
        start(1);
    }

    /** A primary, a, and two replicas. */
    private void start(long timeline) {
        makePool();
        for (Server server : List.of(a, b, c)) {
            found(server, server == a ? Role.PRIMARY : Role.REPLICA, timeline);
            states.healthy(server, "test");
        }
        assertEquals(List.of(), demoted);
    }

    private void makePool() {
        pool = settings.pool();
        states = new ServerStates(pool, (work, delayNs) -> { }, clock);
        states.observe(new PoolObserver() {
            @Override
            public void onDemoted(Pool observed, Server server) {
                demoted.add(server);
            }
        });
        states.onSuspicion(suspected::add);
        PoolSettings.resolve(pool, states);
        a = pool.servers().get(0);
        b = pool.servers().get(1);
        c = pool.servers().get(2);
    }

    /** A check that begins and ends after all that went before. */
    private void found(Server server, Role role, long timeline) {
        clock.advance(Duration.ofMillis(10));
        states.found(server, role, timeline, "", clock.getAsLong());
    }

    private Target target(Wanted wanted) {
        return new Target(pool, wanted);
    }

    /** As many picks as there can be different servers, in the order of their names, each once. */
    private String picks(Wanted wanted) {
        return String.join(" ", List.of(picks(wanted, 6).split(" ")).stream().distinct().sorted().toList());
    }

    private String picks(Wanted wanted, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Server picked = pool.pick(wanted, 0, TriedServers.NONE);
            if (picked != null) {
                pool.release(picked);
                names.add(picked.name());
            }
        }
        return String.join(" ", names);
    }
}
