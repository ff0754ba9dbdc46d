package io.sluice.launcher.control;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.PoolConfig;
import io.sluice.core.health.HttpProbe;
import io.sluice.core.health.Probe;
import io.sluice.core.health.TcpProbe;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Server;
import io.sluice.core.tls.ClientTls;
import io.sluice.l4.database.Lag;
import io.sluice.l4.database.MySqlProbe;
import io.sluice.l4.database.PostgresProbe;
import io.sluice.l4.database.RedisProbe;

/** Makes what checks a server. A database's driver is loaded with the first probe that needs it. Control plane only. */
final class ProbeFactory {

    private ProbeFactory() { }

    /** For a server of a pool that is given other settings. @param tls of the pool; null if it speaks none */
    static Probe make(Pool pool, PoolConfig config, Server server, HealthCheckConfig check, ClientTls tls) {
        return switch (check) {
            case HealthCheckConfig.Tcp tcp -> new TcpProbe(config, tcp.port());
            case HealthCheckConfig.Http http when tls != null && http.port().isEmpty() ->
                    new HttpProbe(config, http, plain -> tls.secure(plain, server.config().address()));
            case HealthCheckConfig.Http http -> new HttpProbe(config, http);
            case HealthCheckConfig.Postgres postgres
                    when config.asksForPostgresTls() && postgres.login().tls().takesAnything() ->
                    new PostgresProbe(config, server.config(), postgres, lag(pool, postgres, server), tls);
            case HealthCheckConfig.Postgres postgres ->
                    new PostgresProbe(config, server.config(), postgres, lag(pool, postgres, server));
            case HealthCheckConfig.MySql mySql ->
                    new MySqlProbe(config, server.config(), mySql, lag(pool, mySql, server));
            case HealthCheckConfig.Redis redis ->
                    new RedisProbe(config, server.config(), redis, lag(pool, redis, server));
        };
    }

    private static Lag lag(Pool pool, HealthCheckConfig.Database check, Server server) {
        return new Lag(check.login().maxLag(), pool::writtenUntilNs, server, System::nanoTime);
    }
}
