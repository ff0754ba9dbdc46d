package io.sluice.l4.tcp;

import io.sluice.core.pool.Pool;
import io.sluice.core.pool.ServerStates;
import io.sluice.l4.postgres.CancelKeys;

/**
 * A pool as all TCP listeners and workers share it. Immutable.
 *
 * @param states     of the pool
 * @param cancelKeys of the PostgreSQL sessions on the pool's servers
 */
public record TcpPool(Pool pool, ServerStates states, CancelKeys cancelKeys) { }
