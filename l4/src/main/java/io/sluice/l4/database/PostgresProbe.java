package io.sluice.l4.database;

import io.sluice.config.HealthCheckConfig.Postgres;
import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.core.health.Finding;
import io.sluice.core.pool.Role;
import io.sluice.core.tls.ClientTls;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Checks a PostgreSQL server: a primary is one that is not in recovery, and a replica one that is. The timeline tells
 * which of two primaries is the newer. A server that is read-only by its configuration file has no role, as it is
 * fenced off. See {@code config/DATABASES.md}. Owned by one virtual thread.
 */
public final class PostgresProbe extends LoginProbe<Connection> {

    /** The columns of {@link #STATE}, in order. */
    private static final int IN_RECOVERY = 1;
    private static final int WAL_FILE = 2;
    private static final int READ_ONLY = 3;
    private static final int RECEIVER = 4;
    private static final int REPLAYED_ALL = 5;
    private static final int AGE_SECONDS = 6;

    /**
     * The name of a WAL file begins with the timeline. The receiver's status is null for accounts that may not see it.
     */
    private static final String STATE = """
            SELECT pg_is_in_recovery(),
                   CASE WHEN NOT pg_is_in_recovery() THEN pg_walfile_name(pg_current_wal_lsn()) END,
                   EXISTS (SELECT FROM pg_settings WHERE name = 'default_transaction_read_only' AND setting = 'on'
                           AND source IN ('configuration file', 'command line')),
                   (SELECT coalesce(status, 'hidden') FROM pg_stat_wal_receiver),
                   pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(),
                   EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp())
            """;

    /** Switched off, as the driver also logs what it throws. Kept here, as an unreferenced logger loses its level. */
    private static final Logger DRIVER_LOG = Logger.getLogger("org.postgresql");

    /** Loaded with this class, before the time of the first check runs. */
    private static final Driver DRIVER = new Driver();

    static {
        DRIVER_LOG.setLevel(Level.OFF);
    }

    private final Postgres check;
    private final Lag lag;

    /** @param lag of the server if it is a replica */
    public PostgresProbe(PoolConfig pool, ServerConfig server, Postgres check, Lag lag) {
        super(pool, server, check);
        this.check = check;
        this.lag = lag;
    }

    /** The same with the TLS of the pool's own connections. */
    public PostgresProbe(PoolConfig pool, ServerConfig server, Postgres check, Lag lag, ClientTls tls) {
        super(pool, server, check, plain -> tls.over(plain, server.address()));
        this.check = check;
        this.lag = lag;
    }

    @Override
    Connection logIn(Dialer dialer) throws IOException {
        try {
            Connection connection = DRIVER.connect("jdbc:postgresql://" + dialer.hostAndPort() + '/'
                    + URLEncoder.encode(check.database(), StandardCharsets.UTF_8), properties());
            try (Statement statement = connection.createStatement()) {
                // Otherwise the server would go on with a query that nobody waits for any more.
                statement.execute("SET statement_timeout = " + Math.max(1, check.schedule().timeout().toMillis()));
            }
            return connection;
        } catch (SQLException e) {
            throw PostgresErrors.explained(e, dialer, login());
        }
    }

    @Override
    Finding ask(Connection connection) throws IOException {
        try (Statement statement = connection.createStatement()) {
            Finding finding;
            try (ResultSet state = statement.executeQuery(STATE)) {
                state.next();
                finding = judge(state);
            }
            if (login().question().isPresent()) {
                OwnQuery.ask(statement, login().question().get(), PostgresErrors::words);
            }
            return finding;
        } catch (SQLException e) {
            throw PostgresErrors.explained(e);
        }
    }

    private Finding judge(ResultSet state) throws SQLException {
        if (state.getBoolean(IN_RECOVERY)) {
            String receiver = String.valueOf(state.getString(RECEIVER));
            boolean mayReceive = receiver.equals("streaming") || receiver.equals("hidden");
            return lag.judge(mayReceive && state.getBoolean(REPLAYED_ALL) ? Optional.of(Duration.ZERO) : age(state),
                    switch (receiver) {
                        case "streaming" -> "";
                        case "hidden" -> "if it streams, which the account may not see";
                        default -> "it receives nothing from its primary";
                    });
        }
        lag.forget();
        long timeline = Long.parseLong(state.getString(WAL_FILE).substring(0, 8), 16);
        return state.getBoolean(READ_ONLY)
                ? new Finding(Role.NONE, timeline, "a primary whose configuration says default_transaction_read_only")
                : new Finding(Role.PRIMARY, timeline, "timeline " + timeline);
    }

    /** The age of the last replayed transaction; empty if none was replayed since the server's start. */
    private static Optional<Duration> age(ResultSet state) throws SQLException {
        double seconds = state.getDouble(AGE_SECONDS);
        return state.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    @Override
    boolean isLost(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    private Properties properties() throws CheckFailedException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, login().user().orElseThrow());
        // Always set: otherwise the driver would look for a password in files of its own.
        PGProperty.PASSWORD.set(properties, password());
        PGProperty.SOCKET_FACTORY.set(properties, DriverSocketFactory.class.getName());
        PGProperty.SSL_FACTORY.set(properties, DriverSocketFactory.class.getName());
        PGProperty.SSL_MODE.set(properties, switch (login().tls().mode()) {
            case DISABLE -> "disable";
            case PREFER -> "prefer";
            case REQUIRE, VERIFY_CA, VERIFY_FULL -> "require";
        });
        // No timeouts of the driver: the check's deadline covers all.
        PGProperty.CONNECT_TIMEOUT.set(properties, 0);
        PGProperty.SSL_RESPONSE_TIMEOUT.set(properties, 0);
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.APPLICATION_NAME.set(properties, "sluice health check");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.6");
        return properties;
    }
}
