package io.sluice.launcher;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The process's signals. The JDK has no supported way to handle them; {@code sun.misc.Signal}, of the module
 * {@code jdk.unsupported}, is exported for that.
 */
final class Signals {

    private Signals() { }

    /**
     * Has {@code action} run on a thread of the JVM's whenever the signal comes, in place of the default. False if
     * whoever started the process has the signal ignored: the JVM leaves it so.
     */
    static boolean on(String name, Runnable action) {
        return Signal.handle(new Signal(name), signal -> action.run()) != SignalHandler.SIG_IGN;
    }
}
