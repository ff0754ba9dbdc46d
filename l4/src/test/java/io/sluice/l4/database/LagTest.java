package io.sluice.l4.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.Endpoint;
import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.core.health.Finding;
import io.sluice.core.pool.Role;
import io.sluice.core.pool.Server;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LagTest {

    private static final Optional<Duration> UNKNOWN = Optional.empty();

    private long nowNs;
    /** Null while a primary works. */
    private Long writtenUntilNs;
    private final Server server = server();
    private final Lag lag = upTo10Seconds(server);

    @Test
    void isWhatTheServerSaysAtFirst() {
        assertReplica("3.4 s behind", seconds(3.4));
    }

    @Test
    void isTooMuchBeyondTheBound() {
        assertReplica("10 s behind", seconds(10));
        assertNone("12 s behind; max-lag is 10 s", upTo10Seconds(server()).judge(seconds(12), ""));
    }

    @Test
    void growsNoFasterThanTimePasses() {
        assertReplica("0 s behind", seconds(0));
        // As after hours without a write, of which the first one is just on its way.
        pass(2);
        assertReplica("2 s behind", seconds(3600));
        pass(1);
        assertReplica("0 s behind", seconds(0));
    }

    @Test
    void goesOnWhenTheServerDoesNotKnowItAnyMore() {
        assertReplica("1 s behind", seconds(1));
        pass(9);
        assertReplica("10 s behind", UNKNOWN);
        pass(1);
        assertNone("11 s behind, cause; max-lag is 10 s", lag.judge(UNKNOWN, "cause"));
    }

    @Test
    void standsStillWhileThereIsNoPrimary() {
        assertReplica("1 s behind", seconds(1));
        losePrimary();
        pass(3600);
        assertReplica("1 s behind", UNKNOWN);
        writtenUntilNs = null;
        pass(2);
        assertReplica("3 s behind", UNKNOWN);
    }

    /** As that of a replica that was dead itself when its primary died. */
    @Test
    void growsUntilThePrimaryIsLost() {
        assertReplica("1 s behind", seconds(1));
        pass(3);
        losePrimary();
        pass(3600);
        assertReplica("4 s behind", UNKNOWN);
        assertReplica("4 s behind", UNKNOWN);
    }

    @Test
    void isUnknownWhereItNeverWasKnown() {
        assertNone("behind by an unknown time", lag.judge(UNKNOWN, ""));
        assertNone("behind by an unknown time, cause", lag.judge(UNKNOWN, "cause"));
    }

    @Test
    void goesOnForAnotherCheckOfTheServer() {
        assertReplica("1 s behind", seconds(1));
        losePrimary();
        assertEquals(new Finding(Role.REPLICA, 0, "1 s behind"), upTo10Seconds(server).judge(seconds(3600), ""));
    }

    @Test
    void growsWhileNobodyAsksForIt() {
        assertReplica("1 s behind", seconds(1));
        pass(3600);
        new Lag(Optional.empty(), this::writtenUntilNs, server, () -> nowNs).judge(UNKNOWN, "");
        losePrimary();
        assertNone("3601 s behind; max-lag is 10 s", lag.judge(UNKNOWN, ""));
    }

    @Test
    void isForgottenWithTheRole() {
        assertReplica("1 s behind", seconds(1));
        lag.forget();
        assertNone("behind by an unknown time", lag.judge(UNKNOWN, ""));
    }

    @Test
    void isNoneIfTheClocksDisagree() {
        assertReplica("0 s behind", seconds(-5));
    }

    @Test
    void doesNotMatterWithoutABound() {
        Lag any = new Lag(Optional.empty(), this::writtenUntilNs, server, () -> nowNs);
        assertEquals(new Finding(Role.REPLICA, 0, ""), any.judge(seconds(3600), ""));
        assertEquals(new Finding(Role.REPLICA, 0, ""), any.judge(UNKNOWN, ""));
    }

    private static Server server() {
        return new Server(0, new ServerConfig("server", new Endpoint("192.0.2.1", 5432), 1, false, 1,
                AdminState.READY));
    }

    private Lag upTo10Seconds(Server replica) {
        return new Lag(Optional.of(Duration.ofSeconds(10)), this::writtenUntilNs, replica, () -> nowNs);
    }

    private long writtenUntilNs(long ns) {
        return writtenUntilNs == null ? ns : writtenUntilNs;
    }

    private void losePrimary() {
        writtenUntilNs = nowNs;
    }

    private void assertReplica(String detail, Optional<Duration> reported) {
        assertEquals(new Finding(Role.REPLICA, 0, detail), lag.judge(reported, ""));
    }

    private static void assertNone(String detail, Finding finding) {
        assertEquals(new Finding(Role.NONE, 0, detail), finding);
    }

    private void pass(int seconds) {
        nowNs += Duration.ofSeconds(seconds).toNanos();
    }

    private static Optional<Duration> seconds(double seconds) {
        return Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
    }
}
