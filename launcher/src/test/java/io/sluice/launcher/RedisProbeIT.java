package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.parse.ConfigException;
import io.sluice.core.health.Finding;
import io.sluice.core.pool.Role;
import io.sluice.l4.database.Checked;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.embedded.RedisServer;

/** The check of Redis logs in to a real server by password and by account, and names what keeps it from that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisProbeIT {

    private static final String PASSWORD = "s3cret";
    private static final String ACCOUNT = "type: redis, password-file: check.pass";

    private Path directory;
    private int port;
    private RedisServer server;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        this.directory = directory;
        port = LoopbackPorts.free();
        server = start(port, "requirepass " + PASSWORD, "user probe on >" + PASSWORD + " +ping +role +get ~*",
                "user poor on >" + PASSWORD + " +ping");
        Checked.password(directory.resolve("check.pass"), PASSWORD);
        Checked.password(directory.resolve("wrong.pass"), "wrong");
    }

    @AfterAll
    void stop() throws IOException {
        server.stop();
    }

    private static RedisServer start(int port, String... settings) throws IOException {
        var builder = LocalRedis.on(port).onShutdownForceStop(true);
        for (String setting : settings) {
            builder.setting(setting);
        }
        RedisServer server = builder.build();
        server.start();
        return server;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            password-file: check.pass
            user: probe, password-file: check.pass
            password-file: check.pass, query: PING, expect: PONG
            password-file: check.pass, query: GET none
            password-file: check.pass, query: "EXISTS  none", expect: 0
            password-file: check.pass, query: ROLE, expect: master
            """)
    void logsInAndFindsAPrimary(String keys) throws Exception {
        try (Checked probe = probe("type: redis, " + keys)) {
            assertEquals(new Finding(Role.PRIMARY, 0, ""), probe.check());
            assertEquals(new Finding(Role.PRIMARY, 0, ""), probe.check());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            password-file: wrong.pass | wrong user or password: WRONGPASS invalid username-password pair or user is \
            disabled.
            user: nobody, password-file: check.pass | wrong user or password: WRONGPASS invalid username-password \
            pair or user is disabled.
            interval: 2s | the account has a password and the check has none: NOAUTH Authentication required.
            user: poor, password-file: check.pass | the account lacks a right: NOPERM this user has no permissions to \
            run the 'role' command or its subcommand
            password-file: check.pass, query: NONE | the query failed: ERR unknown command `NONE`, with args \
            beginning with:
            password-file: check.pass, query: GET none, expect: 1 | the query did not give what is expected: nothing \
            instead of "1"
            """)
    void namesWhatIsWrong(String keys, String message) throws Exception {
        try (Checked probe = probe("type: redis, " + keys)) {
            assertEquals(message, probe.failure());
            assertEquals(message, probe.failure());
        }
    }

    @Test
    void doesNotWaitForTlsForever() throws Exception {
        try (Checked probe = probe(ACCOUNT + ", tls: { mode: require }")) {
            // It takes the handshake for a long command whose end has not come yet.
            IOException failure = assertThrows(IOException.class, () -> probe.check(Duration.ofSeconds(1)));
            assertEquals("no TLS within 1000 ms", failure.getMessage());
        }
    }

    /** Redis' binaries for tests have no TLS. */
    @Test
    void speaksTls() throws Exception {
        TestCertificate certificate = TestCertificate.create(directory, "ip:127.0.0.1");
        try (ServerSocket listening = certificate.serverSocket()) {
            Thread.startVirtualThread(() -> answerChecks(listening));
            for (String tls : List.of("{ mode: require }", "{ mode: require, ca: server.crt }",
                    "{ mode: verify-full, ca: server.crt }")) {
                try (Checked probe = byTls(listening, "127.0.0.1", tls)) {
                    assertEquals(Role.PRIMARY, probe.check().role());
                }
            }
            try (Checked probe = byTls(listening, "localhost", "{ mode: verify-full, ca: server.crt }")) {
                assertEquals("the server's certificate is not to be trusted: No name matching localhost found",
                        probe.failure());
            }
            try (Checked probe = byTls(listening, "127.0.0.1", "{ mode: verify-ca }")) {
                assertTrue(probe.failure().startsWith("the server's certificate is not to be trusted: PKIX path"));
            }
        }
    }

    private Checked byTls(ServerSocket listening, String host, String tls) throws ConfigException {
        return Checked.by("type: redis, tls: " + tls, host, listening.getLocalPort(), directory);
    }

    private static void answerChecks(ServerSocket listening) {
        while (!listening.isClosed()) {
            try (Socket client = listening.accept()) {
                client.getInputStream().skipNBytes("*1|$4|PING|".length() + 3);
                client.getOutputStream().write("+PONG\r\n".getBytes(StandardCharsets.US_ASCII));
                client.getInputStream().skipNBytes("*1|$4|PING|*1|$4|ROLE|".length() + 6);
                client.getOutputStream().write("+PONG\r\n*1\r\n+master\r\n".getBytes(StandardCharsets.US_ASCII));
                client.getInputStream().readAllBytes();
            } catch (IOException e) {
                // It does not trust the certificate, or the test is over.
            }
        }
    }

    @Test
    void keepsOneConnectionAlsoWhenACheckFails() throws Exception {
        try (Checked good = probe(ACCOUNT); Checked bad = probe(ACCOUNT + ", query: GET none, expect: 1");
             Jedis redis = admin(port)) {
            good.check();
            bad.failure();
            String before = connectionsReceived(redis);
            good.check();
            bad.failure();
            assertEquals(before, connectionsReceived(redis));
        }
    }

    @Test
    void takesAFullServerForAWorkingOne() throws Exception {
        int fullPort = LoopbackPorts.free();
        RedisServer full = start(fullPort, "maxclients 3");
        List<Jedis> clients = new ArrayList<>();
        try (Checked first = Checked.by("type: redis", fullPort, directory);
             Checked known = Checked.by("type: redis", fullPort, directory)) {
            known.check();
            for (int i = 0; i < 2; i++) {
                Jedis client = new Jedis("127.0.0.1", fullPort);
                client.ping();
                clients.add(client);
            }
            String message = "the server is full: ERR max number of clients reached";
            assertEquals(new Finding(null, 0, message), first.check());
            assertEquals(Role.PRIMARY, known.check().role());
        } finally {
            clients.forEach(Jedis::close);
            full.stop();
        }
    }

    @Test
    void followsAReplicaUntilItIsThePrimary() throws Exception {
        int replicaPort = LoopbackPorts.free();
        int nobody = LoopbackPorts.free();
        RedisServer replica = start(replicaPort, "masterauth " + PASSWORD, "replicaof 127.0.0.1 " + port);
        try (Checked probe = Checked.by("type: redis, max-lag: 30s", replicaPort, directory);
             Jedis redis = new Jedis("127.0.0.1", replicaPort)) {
            await().until(() -> probe.check().role() == Role.REPLICA);
            redis.configSet("masterauth", "wrong");
            redis.replicaof("127.0.0.1", nobody);
            await().until(() -> probe.check().detail().contains("its link to 127.0.0.1:" + nobody
                    + " is in state connect"));
            assertEquals(Role.REPLICA, probe.check().role());
            redis.replicaofNoOne();
            assertEquals(new Finding(Role.PRIMARY, 0, ""), probe.check());
        } finally {
            replica.stop();
        }
    }

    private Checked probe(String check) throws ConfigException {
        return Checked.by(check, port, directory);
    }

    private static Jedis admin(int port) {
        Jedis redis = new Jedis("127.0.0.1", port);
        redis.auth(PASSWORD);
        return redis;
    }

    private static String connectionsReceived(Jedis redis) {
        return redis.info("stats").lines().filter(line -> line.startsWith("total_connections_received")).findFirst()
                .orElseThrow();
    }
}
