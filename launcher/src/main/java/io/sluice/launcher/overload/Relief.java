package io.sluice.launcher.overload;

import java.util.List;

/** The means of shedding load. Called by one thread; calls may repeat, so each must be idempotent. */
public interface Relief {

    /** The importances of the listeners, in ascending order, without duplicates. */
    List<Integer> importances();

    /** Stops listeners up to this importance from accepting; all others accept. @param importance 0: all accept */
    void stopUpTo(int importance);

    /** Closes idle connections: of clients between two requests, and to servers. */
    void closeIdle();
}
