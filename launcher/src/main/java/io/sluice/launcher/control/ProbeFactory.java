package io.sluice.launcher.control;

import io.sluice.config.HealthCheckConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.core.health.HttpProbe;
import io.sluice.core.health.Probe;
import io.sluice.core.health.TcpProbe;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Role;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerState;
import io.sluice.core.tls.ClientTls;
import io.sluice.l4.database.MySqlProbe;
import io.sluice.l4.database.PostgresProbe;
import io.sluice.l4.database.RedisProbe;
import java.util.function.BooleanSupplier;

/** Makes what checks a server. A database's driver is loaded with the first probe that needs it. Control plane only. */
public final class ProbeFactory {

    private ProbeFactory() { }

    /** For a server of a pool that is given other settings. */
    static Probe make(Pool pool, PoolConfig config, Server server, HealthCheckConfig check, ClientTls tls) {
        if (tls != null && check instanceof HealthCheckConfig.Http http) {
            return new HttpProbe(config, http, plain -> tls.secure(plain, server.config().address()));
        }
        return make(config, server.config(), check, () -> hasPrimary(pool));
    }

    /** Without TLS of the pool. @param primaryIsUp whether the pool has a primary at this moment */
    public static Probe make(PoolConfig pool, ServerConfig server, HealthCheckConfig check,
                             BooleanSupplier primaryIsUp) {
        return switch (check) {
            case HealthCheckConfig.Tcp _ -> new TcpProbe(pool);
            case HealthCheckConfig.Http http -> new HttpProbe(pool, http);
            case HealthCheckConfig.Postgres postgres -> new PostgresProbe(pool, server, postgres, primaryIsUp);
            case HealthCheckConfig.MySql mySql -> new MySqlProbe(pool, server, mySql, primaryIsUp);
            case HealthCheckConfig.Redis redis -> new RedisProbe(pool, server, redis, primaryIsUp);
        };
    }

    private static boolean hasPrimary(Pool pool) {
        return pool.servers().stream()
                .anyMatch(server -> server.role() == Role.PRIMARY && server.state() == ServerState.UP);
    }
}
