package io.sluice.l4.tcp;

import io.sluice.core.net.TlsEngines;
import io.sluice.core.pool.PoolPlan;
import io.sluice.l4.postgres.CancelKeys;

/**
 * A pool as all TCP listeners and workers share it in one generation of the configuration. Immutable.
 *
 * @param cancelKeys of the PostgreSQL sessions on the pool's servers, those of earlier generations among them
 * @param tls        what its servers speak TLS with; null if they do not
 */
public record TcpPool(PoolPlan plan, CancelKeys cancelKeys, TlsEngines tls) { }
