package io.sluice.launcher.overload;

import java.util.List;

/** What can be done when Sluice runs short. Called by one thread, again and again; each call may come twice. */
public interface Relief {

    /** How important the listeners are, each value once, in ascending order. */
    List<Integer> importances();

    /** Listeners of up to this importance accept no more, all others do. @param importance 0: all accept */
    void stopUpTo(int importance);

    /** Closes client connections between two requests, and server connections that carry none. */
    void closeIdle();
}
