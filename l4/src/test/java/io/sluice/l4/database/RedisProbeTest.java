package io.sluice.l4.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.health.Finding;
import io.sluice.core.pool.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real Redis server does only in passing, or in versions that tests do not have. */
class RedisProbeTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String PRIMARY = "*3~$6~master~:3129659~*0";

    @ParameterizedTest
    @ValueSource(strings = {"connect", "connecting", "handshake", "sync"})
    void keepsTheRoleOfAReplicaWhoseLinkIsDown(String state) throws Exception {
        FakeRedis redis = new FakeRedis().reply("ROLE", replica(state)).reply("INFO", lostLink("3"));
        assertEquals(new Finding(Role.REPLICA, 0, ""), checked(redis, ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            29 | REPLICA | 29 s behind, its link to 127.0.0.1:6380 is in state connect
            31 | NONE    | 31 s behind, its link to 127.0.0.1:6380 is in state connect; max-lag is 30 s
            """)
    void judgesAReplicaByWhenItLostItsLink(String seconds, Role role, String detail) throws Exception {
        FakeRedis redis = new FakeRedis().reply("ROLE", replica("connect")).reply("INFO", lostLink(seconds));
        assertEquals(new Finding(role, 0, detail), checked(redis, ", max-lag: 30s"));
    }

    /** Redis 6 and before count from 1970 on. */
    @ParameterizedTest
    @ValueSource(strings = {"-1", "1795245600"})
    void givesNoRoleToAReplicaThatHasHadNoLink(String seconds) throws Exception {
        FakeRedis redis = new FakeRedis().reply("ROLE", replica("sync")).reply("INFO", lostLink(seconds));
        assertEquals(withoutRole("sync"), checked(redis, ""));
        assertEquals(withoutRole("sync"), checked(redis, ", max-lag: 30s"));
    }

    @Test
    void givesNoRoleToAReplicaWithoutLinkThatMustNotBeAskedSinceWhen() throws Exception {
        FakeRedis redis = new FakeRedis().reply("ROLE", replica("connect")).reply("INFO", "-NOPERM no");
        assertEquals(withoutRole("connect"), checked(redis, ""));
    }

    @Test
    void givesNoRoleToAReplicaThatAnswersNobodyWithoutItsLink() throws Exception {
        FakeRedis redis = new FakeRedis().reply("PING", "-MASTERDOWN Link with MASTER is down")
                .reply("ROLE", replica("connect")).reply("INFO", lostLink("3"));
        assertEquals(withoutRole("connect"), checked(redis, ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            29 | REPLICA | 29 s behind
            31 | NONE    | 31 s behind; max-lag is 30 s
            """)
    void judgesAReplicaByWhenItHeardOfItsPrimary(int seconds, Role role, String detail) throws Exception {
        FakeRedis redis = new FakeRedis().reply("ROLE", replica("connected"))
                .reply("INFO", info("master_last_io_seconds_ago:" + seconds));
        assertEquals(new Finding(role, 0, detail), checked(redis, ", max-lag: 30s"));
        assertEquals(new Finding(Role.REPLICA, 0, ""), checked(redis, ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PING | -LOADING Redis is loading the dataset in memory | the server is starting or stopping: LOADING Redis \
            is loading the dataset in memory
            PING | -DENIED Redis is running in protected mode | the server does not admit the account from here: \
            DENIED Redis is running in protected mode
            PING | -BUSY Redis is busy running a script. | the server reports an error: BUSY Redis is busy running a \
            script.
            ROLE | -NOPERM this user has no permissions to run the 'role' command | the account lacks a right: NOPERM \
            this user has no permissions to run the 'role' command
            ROLE | *2~$8~sentinel~*0 | this is no such server: its role is sentinel
            ROLE | *0 | this is no such server: no answer to ROLE
            ROLE | +what | this is no such server: no answer to ROLE
            PING | HTTP/1.1 400 Bad Request~~ | this is no such server: it does not answer as Redis does
            PING | $9999999999~ | the server sends more than 1 MiB for one check
            ROLE | *1~*1~*1~*1~*1~*1~*1~*1~*1~*0 | a reply of too many parts
            """)
    void namesWhatIsWrong(String command, String reply, String message) throws Exception {
        assertEquals(message, failure(new FakeRedis().reply("ROLE", PRIMARY).reply(command, reply),
                "type: redis"));
    }

    @Test
    void takesAnyRefusalOfAuthBeforeRedis6ForAWrongPassword() throws Exception {
        assertEquals("wrong user or password: ERR invalid password",
                failure(new FakeRedis().reply("AUTH", "-ERR invalid password"), "type: redis, password-env: PATH"));
    }

    @Test
    void namesAServerThatGoesBeforeItAnswers() throws Exception {
        try (FakeServer server = FakeServer.start((_, _) -> { }); Checked check = Checked.by("type: redis", server)) {
            // By chance it is an end or a reset that the check sees first.
            assertTrue(Set.of("the server has closed the connection", "the server has reset the connection")
                    .contains(check.failure()));
        }
    }

    @Test
    void triesANewConnectionBeforeItFails() throws Exception {
        FakeServer.Manners answersOnce = (in, out) -> {
            in.skipNBytes("*1\r\n$4\r\nPING\r\n".length());
            out.write("+PONG\r\n".getBytes(StandardCharsets.US_ASCII));
            in.skipNBytes("*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nROLE\r\n".length());
            out.write(("+PONG\r\n" + PRIMARY.replace("~", "\r\n") + "\r\n").getBytes(StandardCharsets.US_ASCII));
        };
        try (FakeServer server = FakeServer.start(answersOnce); Checked check = Checked.by("type: redis", server)) {
            assertEquals(Role.PRIMARY, check.check().role());
            assertEquals(Role.PRIMARY, check.check().role());
            assertEquals(2, server.served());
        }
    }

    @Test
    @Timeout(20)
    void doesNotCheckAServerAllTheTimeThatTalksAllTheTime() throws Exception {
        CountDownLatch checked = new CountDownLatch(1);
        FakeServer.Manners talks = (in, out) -> {
            Thread.startVirtualThread(() -> talkAfter(checked, out));
            new FakeRedis().reply("ROLE", PRIMARY).serve(in, out);
        };
        try (FakeServer server = FakeServer.start(talks); Checked check = Checked.by("type: redis", server)) {
            check.check();
            checked.countDown();
            check.pause(LONG);
            long startNs = System.nanoTime();
            check.pause(SHORT);
            assertTrue(System.nanoTime() - startNs >= SHORT.toNanos());
        }
    }

    private static void talkAfter(CountDownLatch checked, OutputStream out) {
        try {
            checked.await();
            out.write("+more\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Finding withoutRole(String link) {
        return new Finding(Role.NONE, 0, "its link to 127.0.0.1:6380 is in state " + link);
    }

    private static String replica(String link) {
        return "*5~$5~slave~$9~127.0.0.1~:6380~$" + link.length() + '~' + link + "~:3167038";
    }

    private static String lostLink(String secondsAgo) {
        return info("master_last_io_seconds_ago:-1\r\nmaster_link_down_since_seconds:" + secondsAgo);
    }

    private static String info(String lines) {
        String info = "# Replication\r\nrole:slave\r\n" + lines + "\r\nslave_priority:1";
        return "$" + info.length() + '~' + info;
    }

    private static Finding checked(FakeRedis redis, String keys) throws Exception {
        try (FakeServer server = FakeServer.start(redis); Checked check = Checked.by("type: redis" + keys, server)) {
            return check.check();
        }
    }

    private static String failure(FakeRedis redis, String keys) throws Exception {
        try (FakeServer server = FakeServer.start(redis); Checked check = Checked.by(keys, server)) {
            return check.failure();
        }
    }
}
