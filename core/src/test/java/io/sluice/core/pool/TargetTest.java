package io.sluice.core.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.Endpoint;
import io.sluice.config.PoolConfig.Balance;
import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.loop.ManualClock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which server new clients are sent to rather than to that of an older client. */
class TargetTest {

    private final ManualClock clock = new ManualClock();
    private final HandDriven home = new HandDriven();
    private Pool pool;
    private ServerStates states;

    @AfterEach
    void close() {
        home.close();
    }

    @ParameterizedTest
    @EnumSource(value = Balance.class, names = {"HASH"}, mode = EnumSource.Mode.EXCLUDE)
    void prefersWhateverIsNoBackup(Balance balance) {
        make(balance, server("backup", true, 1), server("regular", false, 1), server("spare", true, 1));
        assertPrefers(Wanted.ANY, "regular", "backup");
        assertPrefers(Wanted.ANY, "regular", "spare");
        assertDoesNotPrefer(Wanted.ANY, "backup", "regular");
        assertDoesNotPrefer(Wanted.ANY, "spare", "backup");
    }

    @Test
    void prefersServersOfOneTierByTheirOrderOnlyIfTheyAreFilledUpInThat() {
        make(Balance.FIRST, server("a", false, 2), server("b", false, 2));
        assertPrefers(Wanted.ANY, "a", "b");
        assertDoesNotPrefer(Wanted.ANY, "b", "a");
        assertDoesNotPrefer(Wanted.ANY, "a", "a");
        make(Balance.LEAST_CONNECTIONS, server("a", false, 2), server("b", false, 2));
        assertDoesNotPrefer(Wanted.ANY, "a", "b");
    }

    @Test
    void prefersNoFullServer() {
        make(Balance.FIRST, server("a", false, 1), server("b", false, 1), server("backup", true, 1));
        assertTrue(server("a").tryAcquire());
        assertDoesNotPrefer(Wanted.ANY, "a", "b");
        assertDoesNotPrefer(Wanted.ANY, "a", "backup");
        pool.release(server("a"));
        assertPrefers(Wanted.ANY, "a", "b");
    }

    @Test
    void prefersNoServerThatTakesNoNewClients() {
        make(Balance.FIRST, server("a", false, 1), server("backup", true, 1));
        for (AdminState state : List.of(AdminState.DRAIN, AdminState.MAINTENANCE)) {
            states.direct(server("a"), new Directive(Optional.of(state), Optional.empty()));
            assertDoesNotPrefer(Wanted.ANY, "a", "backup");
        }
        states.direct(server("a"), new Directive(Optional.empty(), Optional.of(0)));
        assertDoesNotPrefer(Wanted.ANY, "a", "backup");
        states.direct(server("a"), Directive.NONE);
        assertPrefers(Wanted.ANY, "a", "backup");
        states.unhealthy(server("a"), "test");
        assertDoesNotPrefer(Wanted.ANY, "a", "backup");
    }

    @Test
    void prefersOthersToAServerThatTakesNoNewClientsEither() {
        make(Balance.FIRST, server("a", false, 1), server("b", false, 1));
        states.unhealthy(server("b"), "test");
        assertPrefers(Wanted.ANY, "a", "b");
        states.direct(server("b"), new Directive(Optional.of(AdminState.DRAIN), Optional.empty()));
        assertPrefers(Wanted.ANY, "a", "b");
    }

    @Test
    void hasNoOpinionOnServersThatHaveLeft() {
        make(Balance.FIRST, server("a", false, 1), server("backup", true, 1));
        Server left = server("backup");
        var next = settings(Balance.FIRST, server("a", false, 1)).config();
        states.adopt(next, pool.serversFor(next));
        assertFalse(new Target(pool, Wanted.ANY).prefers(server("a"), left));
    }

    /** A reload may take a pool away, whose sessions go on, and a later one may bring another of the same name. */
    @Test
    void hasNoOpinionOnServersOfAnotherPool() {
        make(Balance.FIRST, server("a", false, 1));
        Server stranger = settings(Balance.FIRST, server("a", false, 1)).pool().servers().getFirst();
        assertFalse(new Target(pool, Wanted.ANY).prefers(stranger, server("a")));
    }

    @Test
    void prefersAmongServersOfTheWantedRoleAndThenReplicasToThePrimary() {
        make(Balance.ROUND_ROBIN, server("primary", false, 1), server("replica", true, 1), server("none", true, 1));
        found("primary", Role.PRIMARY);
        found("replica", Role.REPLICA);
        assertPrefers(Wanted.ANY, "primary", "replica");
        assertPrefers(Wanted.ANY, "primary", "none");
        assertPrefers(Wanted.REPLICA_OR_PRIMARY, "replica", "primary");
        assertDoesNotPrefer(Wanted.REPLICA_OR_PRIMARY, "primary", "replica");
        for (Wanted wanted : List.of(Wanted.PRIMARY, Wanted.REPLICA)) {
            assertDoesNotPrefer(wanted, "primary", "replica");
            assertDoesNotPrefer(wanted, "replica", "primary");
            assertDoesNotPrefer(wanted, "primary", "none");
        }
    }

    @Test
    void prefersAnyReplicaToThePrimaryWhicheverIsTheBackup() {
        make(Balance.ROUND_ROBIN, server("primary", true, 1), server("regular", false, 1), server("backup", true, 1));
        found("primary", Role.PRIMARY);
        found("regular", Role.REPLICA);
        found("backup", Role.REPLICA);
        assertPrefers(Wanted.REPLICA_OR_PRIMARY, "regular", "primary");
        assertPrefers(Wanted.REPLICA_OR_PRIMARY, "backup", "primary");
        assertDoesNotPrefer(Wanted.REPLICA_OR_PRIMARY, "primary", "backup");
        assertPrefers(Wanted.ANY, "regular", "primary");
        assertDoesNotPrefer(Wanted.ANY, "backup", "primary");
    }

    /** A new client agrees: it gets the preferred one of these two servers. */
    private void assertPrefers(Wanted wanted, String server, String used) {
        Target target = new Target(pool, wanted);
        assertTrue(target.prefers(server(server), server(used)));
        TriedServers others = new TriedServers();
        pool.servers().stream().filter(one -> one != server(server) && one != server(used)).forEach(others::add);
        Server picked = target.pick(0, others);
        assertEquals(server, picked.name());
        pool.release(picked);
    }

    private void assertDoesNotPrefer(Wanted wanted, String server, String used) {
        assertFalse(new Target(pool, wanted).prefers(server(server), server(used)));
    }

    private void found(String name, Role role) {
        states.found(server(name), role, 1, "test", clock.getAsLong());
    }

    private Server server(String name) {
        return pool.servers().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    private void make(Balance balance, ServerConfig... servers) {
        pool = settings(balance, servers).pool();
        pool.home(home.loop().mailbox());
        states = new ServerStates(pool, new ManualScheduler(clock), clock);
        PoolSettings.resolve(pool, states);
    }

    private static PoolSettings settings(Balance balance, ServerConfig... servers) {
        PoolSettings settings = new PoolSettings().balance(balance);
        List.of(servers).forEach(settings::server);
        return settings;
    }

    private static ServerConfig server(String name, boolean backup, int maxConnections) {
        return new ServerConfig(
                name, new Endpoint("192.0.2.1", 5432), 1, backup, maxConnections, AdminState.READY);
    }
}
