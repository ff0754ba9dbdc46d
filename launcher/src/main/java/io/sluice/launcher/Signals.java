package io.sluice.launcher;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Handles the process's signals, by {@code sun.misc.Signal} of the module {@code jdk.unsupported}: the JDK has no
 * supported way. Safe from any thread.
 */
final class Signals {

    private Signals() { }

    /**
     * Runs {@code action} on a thread of the JVM whenever the signal comes, in place of the default. False if the
     * signal was set to be ignored when the process was started: the JVM then keeps ignoring it.
     */
    static boolean on(String name, Runnable action) {
        return Signal.handle(new Signal(name), signal -> action.run()) != SignalHandler.SIG_IGN;
    }
}
