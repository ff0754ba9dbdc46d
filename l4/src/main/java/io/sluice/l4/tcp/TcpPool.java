package io.sluice.l4.tcp;

import io.sluice.core.net.TlsEngines;
import io.sluice.core.pool.PoolPlan;
import io.sluice.l4.postgres.CancelKeys;

/**
 * A pool as all TCP listeners and workers share it in one generation of the configuration. Immutable.
 *
 * @param cancelKeys of the PostgreSQL sessions on the pool's servers, including those of earlier generations
 * @param tls        makes the engines for TLS with its servers; null if they do not speak TLS
 */
public record TcpPool(PoolPlan plan, CancelKeys cancelKeys, TlsEngines tls) { }
