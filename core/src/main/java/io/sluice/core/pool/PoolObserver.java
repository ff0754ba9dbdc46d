package io.sluice.core.pool;

/** Told of changes in a pool. Called on control-plane threads, one at a time for each pool. */
public interface PoolObserver {

    /** The server does not work any more; it did before. */
    void onDown(Pool pool, Server server);
}
