package io.sluice.launcher.control;

import io.sluice.core.linux.SystemdNotify;
import io.sluice.core.loop.Mailbox;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Notifies the service manager that has started Sluice, if there is one: systemd, or another that speaks its protocol
 * (sd_notify(3)).
 *
 * <pre>
 *   SERVING ── stopping ──▶ STOPPING
 *   SERVING, STOPPING ── passOn ──▶ PASSED_ON
 * </pre>
 *
 * <p>Safe from any thread.
 */
public final class ServiceManager implements AutoCloseable {

    /** How often the watchdog is fed within its timeout. */
    private static final int FEEDS_IN_TIME = 4;

    private enum State { SERVING, STOPPING, PASSED_ON }

    private final SystemdNotify notify;
    private final long watchdogUs;
    private State state = State.SERVING;
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1,
            task -> Thread.ofPlatform().daemon().name("watchdog").unstarted(task));

    /** @param environment of this process */
    public ServiceManager(Map<String, String> environment) {
        notify = new SystemdNotify(environment.get(SystemdNotify.SOCKET_VARIABLE));
        watchdogUs = watchdogUs(environment);
    }

    /** Sluice is up. Feeds the watchdog from now on, as long as these loops turn. */
    public void ready(List<Mailbox> loops) {
        notify.ready();
        if (watchdogUs > 0 && notify.isListenedTo()) {
            scheduler.scheduleAtFixedRate(new Watchdog(loops, notify::watchdog), 0, watchdogUs / FEEDS_IN_TIME,
                    TimeUnit.MICROSECONDS);
        }
    }

    /** For a process without a service manager. */
    static ServiceManager none() {
        return new ServiceManager(Map.of());
    }

    /** A reload begins; {@link #reloaded} must follow. */
    void reloading() {
        notify.reloading();
    }

    /** The reload is over, with success or without. */
    synchronized void reloaded() {
        if (state == State.SERVING) {
            notify.ready();
        }
    }

    /** Another process is the service's main process from now on; this one notifies of nothing any more. */
    public synchronized void passOn(long successor) {
        notify.mainProcess(successor);
        state = State.PASSED_ON;
        scheduler.shutdownNow();
    }

    /** Sluice begins to end, perhaps in the middle of a reload. */
    public synchronized void stopping() {
        if (state != State.PASSED_ON) {
            state = State.STOPPING;
            notify.stopping();
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }

    /** The watchdog's timeout in microseconds; 0 if it does not watch this process. */
    private static long watchdogUs(Map<String, String> environment) {
        String process = environment.get("WATCHDOG_PID");
        String time = environment.get("WATCHDOG_USEC");
        boolean isMeant = process == null || process.equals(Long.toString(ProcessHandle.current().pid()));
        return time == null || !isMeant ? 0 : Long.parseLong(time);
    }
}
