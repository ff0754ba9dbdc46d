package io.sluice.config.parse;

import io.sluice.config.HealthCheckConfig.Database;
import io.sluice.config.HealthCheckConfig.MySql;
import io.sluice.config.HealthCheckConfig.Postgres;
import io.sluice.config.HealthCheckConfig.Redis;
import io.sluice.config.LoginConfig.Tls;
import java.util.List;
import java.util.Optional;

/** The keys of the health checks that log in to a database. */
final class DatabaseCheckSections {

    private static final String MODES = "Like `sslmode` of PostgreSQL's clients: `prefer` encrypts if the server can, "
            + "`require` always does, `verify-ca` also verifies who signed the server's certificate, and `verify-full` "
            + "also that it is for the host in `address`.";
    private static final Section<Tls> POSTGRES_TLS = LoginKeys.tls("postgres-tls", Tls.Mode.PREFER, MODES
            + " In a pool whose own `tls` uses PostgreSQL's `negotiation`, `prefer` without `ca` means the pool's TLS: "
            + "always, and with the same trust, name and certificate.");
    private static final Section<Tls> TLS = LoginKeys.tls("database-tls", Tls.Mode.PREFER, MODES);
    private static final Section<Tls> REDIS_TLS =
            LoginKeys.tls("redis-tls", Tls.Mode.DISABLE, MODES + " Redis has no `prefer`.");
    private static final String SQL_QUERY = "A query of your own, sent at each check on the same connection.";

    private DatabaseCheckSections() { }

    static Section<Postgres> postgres() {
        var keys = Section.<Postgres>named("postgres-health-check",
                "A PostgreSQL server is up when it lets the check log in and answers; the check learns its role.");
        keys.required("type", Words.exactly("postgres"), _ -> "postgres",
                "Keeps one connection to each server. See [DATABASES.md](DATABASES.md).");
        var user = user(keys);
        var login = LoginKeys.of(keys, user, POSTGRES_TLS, "A replica whose data is older than this is not used as a "
                + "replica. Default: no limit.", SQL_QUERY);
        var database = keys.optional("database", HttpTypes.line(), "postgres", Postgres::database,
                "The database to log in to.");
        var schedule = ScheduleKeys.of(keys);
        return keys.build(values -> new Postgres(schedule.read(values), login.read(values), values.get(database)));
    }

    static Section<MySql> mySql() {
        var keys = Section.<MySql>named("mysql-health-check", "A MySQL, MariaDB or Galera server is up when it lets "
                + "the check log in and answers; the check learns its role.");
        keys.required("type", Words.exactly("mysql"), _ -> "mysql",
                "Keeps one connection to each server. See [DATABASES.md](DATABASES.md).");
        var user = user(keys);
        var login = LoginKeys.of(keys, user, TLS, "A replica that is further behind is not used as a replica. Default: "
                + "no limit.", SQL_QUERY);
        var database = keys.maybe("database", HttpTypes.line(), MySql::database,
                "The default database of `query`; the account needs a right on it.");
        var schedule = ScheduleKeys.of(keys);
        return keys.build(values -> new MySql(schedule.read(values), login.read(values), values.get(database)));
    }

    static Section<Redis> redis() {
        var keys = Section.<Redis>named("redis-health-check",
                "A Redis server is up when it lets the check log in and answers; the check learns its role.");
        keys.required("type", Words.exactly("redis"), _ -> "redis",
                "Keeps one connection to each server. See [DATABASES.md](DATABASES.md).");
        var user = keys.maybe("user", HttpTypes.line(), check -> check.login().user(),
                "A user of the access control list (Redis 6 and later). Default: the one of `requirepass`.");
        var login = LoginKeys.of(keys, user, REDIS_TLS, "A replica that has not heard from its primary for longer is "
                + "not used as a replica. Must be longer than Redis's `repl-ping-replica-period`, which is 10s.",
                "A command of your own, such as `GET maintenance`; spaces separate the words.");
        var schedule = ScheduleKeys.of(keys);
        keys.check(List.of(user, login.passwordFile(), login.passwordEnv()),
                values -> values.get(user).isEmpty() || values.get(login.passwordFile()).isPresent()
                        || values.get(login.passwordEnv()).isPresent(), "a user needs password-file or password-env");
        keys.check(List.of(login.tls()), values -> values.get(login.tls()).mode() != Tls.Mode.PREFER,
                "mode: prefer is not for Redis, which does not say whether it has TLS");
        return keys.build(values -> new Redis(schedule.read(values), login.read(values)));
    }

    private static <T extends Database> Key<T, Optional<String>> user(
            Section.Builder<T> keys) {
        return keys.required("user", HttpTypes.line().map(Optional::of, Optional::orElseThrow),
                check -> check.login().user(), "The account of the check; DATABASES.md says which rights it needs.");
    }
}
