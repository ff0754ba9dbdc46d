package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.l4.database.Checked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.embedded.RedisServer;

/** The packaged program has all drivers in it, and leads clients by what its checks of each database have found. */
class DatabaseChecksIT {

    private static final String PASSWORD = "s3cret";

    @Test
    void findsThePrimaryOfEachKindOfDatabase(@TempDir Path directory) throws Exception {
        Checked.password(directory.resolve("check.pass"), PASSWORD);
        Files.createDirectories(directory.resolve("mariadb"));
        int redisPort = LoopbackPorts.free();
        RedisServer redis = startRedis(redisPort, PASSWORD);
        try (PostgresServer postgres = PostgresServer.start(directory.resolve("postgres"), Map.of());
             MariaDbServer mariaDb = MariaDbServer.start(directory.resolve("mariadb"), Map.of())) {
            postgres.execute("CREATE ROLE sluice LOGIN PASSWORD '" + PASSWORD + "'");
            mariaDb.execute("CREATE USER sluice IDENTIFIED BY '" + PASSWORD + "'");
            Path config = Files.writeString(directory.resolve("sluice.yaml"),
                    config(postgres.port(), mariaDb.port(), redisPort));
            try (SluiceProcess sluice = SluiceProcess.run(config)) {
                sluice.awaitErr("server postgres/one is primary");
                sluice.awaitErr("server mariadb/one is primary");
                sluice.awaitErr("server redis/one is primary");
                sluice.awaitErr("server wrong/one is DOWN");
                // Maybe not for this reason at first, if the machine is slow.
                sluice.awaitErr("wrong user or password: Access denied for user 'nobody'@'127.0.0.1' "
                        + "(using password: YES) (1045)");
                assertEquals("1", ask("jdbc:postgresql://" + at(sluice, "postgres") + "/postgres?user=postgres"));
                assertEquals("1", ask("jdbc:mariadb://" + at(sluice, "mariadb") + "/?user=sluice&password="
                        + PASSWORD));
                assertEquals("PONG", ping(sluice));
                redis.stop();
                sluice.awaitErr("; 0 of 1 servers up, no primary, ");
                assertFalse((sluice.out() + sluice.err()).contains(PASSWORD), sluice::toString);
            }
        } finally {
            redis.stop();
        }
    }

    @Test
    void tellsAlsoWhyAServerIsDownThatWasDownForAnotherReasonBefore(@TempDir Path directory) throws Exception {
        int port = LoopbackPorts.free();
        Path config = Files.writeString(directory.resolve("sluice.yaml"), """
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool }]
                pools:
                  pool:
                    servers: [{ name: one, address: 127.0.0.1:%d }]
                    health-check: { type: redis, interval: 100ms, timeout: 10s }
                """.formatted(port));
        try (SluiceProcess sluice = SluiceProcess.run(config)) {
            sluice.awaitErr("server pool/one is DOWN: its health check failed: connection refused");
            RedisServer redis = startRedis(port, PASSWORD);
            try {
                sluice.awaitErr("server pool/one: its health check now fails because of this: the account has a "
                        + "password and the check has none: NOAUTH Authentication required.");
            } finally {
                redis.stop();
            }
        }
    }

    private static RedisServer startRedis(int port, String password) throws IOException {
        RedisServer redis = LocalRedis.on(port).setting("requirepass " + password).onShutdownForceStop(true)
                .build();
        redis.start();
        return redis;
    }

    private static String config(int postgres, int mariaDb, int redis) {
        String listener = "  - { name: %1$s, bind: 127.0.0.1:0, protocol: tcp, pool: %1$s, role: primary }\n";
        String pool = """
                  %s:
                    servers: [{ name: one, address: 127.0.0.1:%d }]
                    health-check: { type: %s, password-file: check.pass, interval: 1s, timeout: 1s }
                    initial-state: up
                """;
        return "listeners:\n" + listener.formatted("postgres") + listener.formatted("mariadb")
                + listener.formatted("redis") + listener.formatted("wrong") + "pools:\n"
                + pool.formatted("postgres", postgres, "postgres, user: sluice")
                + pool.formatted("mariadb", mariaDb, "mysql, user: sluice")
                + pool.formatted("redis", redis, "redis")
                + pool.formatted("wrong", mariaDb, "mysql, user: nobody").replace("    initial-state: up\n", "");
    }

    private static String at(SluiceProcess sluice, String listener) {
        return "127.0.0.1:" + sluice.address(listener).getPort();
    }

    private static String ask(String url) throws Exception {
        try (Connection connection = DriverManager.getConnection(url);
             Statement statement = connection.createStatement();
             ResultSet rows = statement.executeQuery("SELECT 1")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static String ping(SluiceProcess sluice) throws IOException {
        try (Jedis client = new Jedis("127.0.0.1", sluice.address("redis").getPort())) {
            client.auth(PASSWORD);
            return client.ping();
        }
    }
}
