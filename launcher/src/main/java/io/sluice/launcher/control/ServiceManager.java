package io.sluice.launcher.control;

import io.sluice.core.linux.SystemdNotify;
import io.sluice.core.loop.Mailbox;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What the host's service manager is told of Sluice, if one has started it: systemd, or whoever speaks its protocol.
 * Safe from any thread.
 */
public final class ServiceManager implements AutoCloseable {

    /** The watchdog is fed this many times in the time that it allows to be silent. */
    private static final int FEEDS_IN_TIME = 4;

    private final SystemdNotify notify;
    private final long watchdogUs;
    private boolean stopping;
    private boolean handedOver;
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1,
            task -> Thread.ofPlatform().daemon().name("watchdog").unstarted(task));

    /** @param environment of this process */
    public ServiceManager(Map<String, String> environment) {
        notify = new SystemdNotify(environment.get(SystemdNotify.SOCKET_VARIABLE));
        watchdogUs = watchdogUs(environment);
    }

    /** All is up. From now on the watchdog is fed, as long as these loops turn. */
    public void ready(List<Mailbox> loops) {
        notify.ready("serving");
        if (watchdogUs > 0 && notify.isListenedTo()) {
            scheduler.scheduleAtFixedRate(new Watchdog(loops, notify::watchdog), 0, watchdogUs / FEEDS_IN_TIME,
                    TimeUnit.MICROSECONDS);
        }
    }

    /** Of a process that no one watches over. */
    static ServiceManager none() {
        return new ServiceManager(Map.of());
    }

    /** A reload begins, which {@link #reloaded} ends. */
    public void reloading() {
        notify.reloading();
    }

    /** The reload is over, whether the configuration is another one now or not. */
    public synchronized void reloaded() {
        if (!stopping) {
            notify.ready("serving");
        }
    }

    /** Another process is the service from now on; whatever this one does is of no interest any more. */
    public synchronized void passOn(long successor) {
        notify.mainProcess(successor);
        stopping = true;
        handedOver = true;
        scheduler.shutdownNow();
    }

    /** Sluice has been asked to end, perhaps in the middle of a reload. */
    public synchronized void stopping() {
        stopping = true;
        if (!handedOver) {
            notify.stopping("draining");
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }

    /** How long the manager's watchdog allows to be silent; 0 if it does not watch this process. */
    private static long watchdogUs(Map<String, String> environment) {
        String process = environment.get("WATCHDOG_PID");
        String time = environment.get("WATCHDOG_USEC");
        boolean isMeant = process == null || process.equals(Long.toString(ProcessHandle.current().pid()));
        return time == null || !isMeant ? 0 : Long.parseLong(time);
    }
}
