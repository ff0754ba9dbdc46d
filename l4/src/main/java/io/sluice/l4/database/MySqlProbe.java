package io.sluice.l4.database;

import io.sluice.config.HealthCheckConfig.MySql;
import io.sluice.config.LoginConfig.Tls;
import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.core.health.Finding;
import io.sluice.core.log.OneLine;
import io.sluice.core.pool.Role;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.mariadb.jdbc.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks a MySQL or MariaDB server: one that is not {@code read_only} is a primary, one that is, a replica. A Galera
 * node must be in step with its cluster, and has no role. See {@code config/DATABASES.md}. Owned by one virtual thread.
 */
public final class MySqlProbe extends LoginProbe<Connection> {

    private static final String SETTINGS = "SHOW GLOBAL VARIABLES WHERE Variable_name IN "
            + "('read_only', 'wsrep_on', 'wsrep_reject_queries', 'wsrep_sst_donor_rejects_queries')";
    private static final String GALERA = "SHOW GLOBAL STATUS WHERE Variable_name IN "
            + "('wsrep_ready', 'wsrep_cluster_status', 'wsrep_local_state', 'wsrep_local_state_comment')";
    /** The state of a Galera node that has the data, and gives it to another node at present. */
    private static final String DONOR = "2";
    /** It is in step (4), or a donor. */
    private static final Set<String> SERVING = Set.of("4", DONOR);

    /** Loaded with this class, before the time of the first check runs. */
    private static final Driver DRIVER = new Driver();

    private static final Logger LOG = LoggerFactory.getLogger(MySqlProbe.class);

    private final MySql check;
    private final Lag lag;
    private boolean toldOfGalera;
    /** Whether the last login was one over TLS. */
    private boolean secured;

    /** @param lag of the server if it is a replica */
    public MySqlProbe(PoolConfig pool, ServerConfig server, MySql check, Lag lag) {
        super(pool, server, check);
        this.check = check;
        this.lag = lag;
    }

    @Override
    Connection logIn(Dialer dialer) throws IOException {
        Tls.Mode mode = login().tls().mode();
        secured = mode != Tls.Mode.DISABLE;
        try {
            return logInAgain(dialer);
        } catch (CheckFailedException e) {
            if (mode == Tls.Mode.PREFER && e.reason() == Reason.TLS_NOT_OFFERED) {
                secured = false;
                return logInAgain(dialer);
            }
            throw e;
        }
    }

    /** A login that ended before it was one, for want of TLS, would be an error in the server's log. */
    @Override
    Connection logInAgain(Dialer dialer) throws IOException {
        String password = password();
        try {
            Connection connection = DRIVER.connect("jdbc:mariadb://" + dialer.hostAndPort() + '/',
                    properties(password, secured));
            try (Statement statement = connection.createStatement()) {
                // Otherwise the server would go on with a query that nobody waits for any more.
                long timeoutMs = Math.max(1, check.schedule().timeout().toMillis());
                statement.execute(isMariaDb(connection) ? "SET max_statement_time = " + timeoutMs / 1000.0
                        : "SET max_execution_time = " + timeoutMs);
            }
            return connection;
        } catch (SQLException e) {
            throw MySqlErrors.explained(e, dialer, secured);
        }
    }

    @Override
    Finding ask(Connection connection) throws IOException {
        try (Statement statement = connection.createStatement()) {
            Finding finding = judge(connection, statement);
            if (login().question().isPresent()) {
                OwnQuery.ask(statement, login().question().get(), MySqlErrors::words);
            }
            return finding;
        } catch (SQLException e) {
            throw MySqlErrors.explained(e);
        }
    }

    private Finding judge(Connection connection, Statement statement) throws SQLException, CheckFailedException {
        Map<String, String> settings = pairs(statement, SETTINGS);
        if ("ON".equals(settings.get("wsrep_on"))) {
            return galera(settings, pairs(statement, GALERA));
        }
        if (!"OFF".equals(settings.get("read_only"))) {
            return lag.matters() ? replication(connection, statement) : lag.judge(Optional.empty(), "");
        }
        lag.forget();
        return new Finding(Role.PRIMARY, 0, "");
    }

    /** Galera's nodes are all alike, so they have no roles. */
    private Finding galera(Map<String, String> settings, Map<String, String> status) throws CheckFailedException {
        String state = status.getOrDefault("wsrep_local_state", "");
        String text = "its state is " + status.getOrDefault("wsrep_local_state_comment", "unknown")
                + " (" + state + ")";
        String component = status.getOrDefault("wsrep_cluster_status", "unknown");
        if (!component.equals("Primary")) {
            throw new CheckFailedException(Reason.NOT_IN_CLUSTER,
                    "the component that it sees is " + component + ", " + text);
        }
        if (!"ON".equals(status.get("wsrep_ready")) || !SERVING.contains(state)) {
            throw new CheckFailedException(Reason.NOT_IN_CLUSTER, text);
        }
        refuseIfItRejects("wsrep_reject_queries", "NONE", settings, text);
        if (state.equals(DONOR)) {
            refuseIfItRejects("wsrep_sst_donor_rejects_queries", "OFF", settings, text);
        }
        if (!toldOfGalera) {
            LOG.info("server {} is a Galera node: it has no role, so listeners with a role do not use it", name());
            toldOfGalera = true;
        }
        return new Finding(Role.UNKNOWN, 0, text);
    }

    /** A node that was told to reject queries does so only with those of tables, and calls itself ready. */
    private static void refuseIfItRejects(String setting, String admitting, Map<String, String> settings, String text)
            throws CheckFailedException {
        String value = settings.getOrDefault(setting, admitting);
        if (!value.equals(admitting)) {
            throw new CheckFailedException(Reason.NOT_IN_CLUSTER, setting + " is " + value + ", " + text);
        }
    }

    /** Judges by the longest lag behind the sources that it replicates from; usually there is one. */
    private Finding replication(Connection connection, Statement statement) throws SQLException {
        Duration longest = null;
        try (ResultSet sources = statement.executeQuery(replicationQuery(connection))) {
            if (!sources.next()) {
                return lag.judge(Optional.empty(), "it does not replicate");
            }
            do {
                Map<String, String> source = row(sources);
                String seconds = source.getOrDefault("seconds_behind_source", source.get("seconds_behind_master"));
                if (seconds == null) {
                    return lag.judge(Optional.empty(), "replication does not run" + lastError(source));
                }
                Duration behind = Duration.ofSeconds(Long.parseLong(seconds));
                longest = longest == null || behind.compareTo(longest) > 0 ? behind : longest;
            } while (sources.next());
        }
        return lag.judge(Optional.of(longest), "");
    }

    /**
     * MariaDB lists all sources by this statement only. MySQL 8.4 knows only the newer words, early 8.0 only the older
     * ones.
     */
    private static String replicationQuery(Connection connection) throws SQLException {
        if (isMariaDb(connection)) {
            return "SHOW ALL SLAVES STATUS";
        }
        DatabaseMetaData server = connection.getMetaData();
        int version = server.getDatabaseMajorVersion() * 100 + server.getDatabaseMinorVersion();
        return version > 800 ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
    }

    private static String lastError(Map<String, String> source) {
        String sql = source.getOrDefault("last_sql_error", "");
        String text = sql.isEmpty() ? source.getOrDefault("last_io_error", "") : sql;
        return text.isEmpty() ? "" : ": " + OneLine.of(text);
    }

    private static boolean isMariaDb(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("MariaDB");
    }

    private static Map<String, String> pairs(Statement statement, String query) throws SQLException {
        Map<String, String> pairs = new HashMap<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                pairs.put(rows.getString(1).toLowerCase(Locale.ROOT), rows.getString(2));
            }
        }
        return pairs;
    }

    /** Values by column label in lower case; columns that are null are left out. */
    private static Map<String, String> row(ResultSet rows) throws SQLException {
        Map<String, String> row = new HashMap<>();
        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
            String value = rows.getString(column);
            if (value != null) {
                row.put(rows.getMetaData().getColumnLabel(column).toLowerCase(Locale.ROOT), value);
            }
        }
        return row;
    }

    @Override
    boolean mayBlockHost() {
        return true;
    }

    @Override
    boolean isLost(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    private Properties properties(String password, boolean tls) {
        Properties properties = new Properties();
        properties.setProperty("user", login().user().orElseThrow());
        properties.setProperty("password", password);
        check.database().ifPresent(database -> properties.setProperty("database", database));
        properties.setProperty("socketFactory", DriverSocketFactory.class.getName());
        properties.setProperty("tlsSocketType", MySqlTls.TYPE);
        properties.setProperty("sslMode", tls ? "trust" : "disable");
        // Without TLS, caching_sha2_password needs the server's public key to send the password.
        properties.setProperty("allowPublicKeyRetrieval", "true");
        properties.setProperty("allowLocalInfile", "false");
        properties.setProperty("permitRedirect", "false");
        properties.setProperty("connectTimeout", "0");
        properties.setProperty("connectionAttributes", "program_name:sluice health check");
        return properties;
    }
}
