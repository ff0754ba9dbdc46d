package io.sluice.core.pool;

/** Told of changes in a pool. Called on control-plane threads, one at a time for each pool. */
public interface PoolObserver {

    /** The server does not work any more; it did before. */
    default void onDown(Pool pool, Server server) { }

    /** The server is not the primary any more. Balancers no longer pick it as that. */
    default void onDemoted(Pool pool, Server server) { }

    /** The server takes new clients, or those of another role; it did not before. */
    default void onAvailable(Pool pool, Server server) { }
}
