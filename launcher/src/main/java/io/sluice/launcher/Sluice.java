package io.sluice.launcher;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.AdminAccess;
import io.sluice.config.parse.LoadedConfig;
import io.sluice.core.pool.Pool;
import io.sluice.core.stats.StatsReader;
import io.sluice.core.worker.Worker;
import io.sluice.l7.http.HttpError;
import io.sluice.launcher.admin.AdminServer;
import io.sluice.launcher.control.ControlPlane;
import io.sluice.launcher.control.Faults;
import io.sluice.launcher.control.LaunchException;
import io.sluice.launcher.control.ListeningSockets;
import io.sluice.launcher.observe.Observer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A running load balancer: made by {@link #launch}, ended by {@link #drain} and {@link #close}.
 *
 * <p>Belongs to the control plane; safe from any thread.
 */
public final class Sluice implements AutoCloseable {

    private static final Duration DRAIN_POLL = Duration.ofMillis(10);

    private final ControlPlane control;
    private final Observer observer;
    /** Null while there is no admin address. */
    private volatile AdminServer admin;

    private Sluice(SluiceConfig config) throws LaunchException {
        control = new ControlPlane(config);
        observer = new Observer(Version.get(), control::scene, System::nanoTime);
    }

    /**
     * Starts everything and returns when connections are being accepted.
     *
     * @param origin where the configuration comes from, for a reader
     * @throws LaunchException if an address cannot be bound, a log file cannot be opened, or the like; nothing is left
     *                         running then
     */
    public static Sluice launch(LoadedConfig config, String origin) throws LaunchException, InterruptedException {
        Sluice sluice = launch(config, origin, List.of());
        try {
            sluice.openAdmin(config);
            return sluice;
        } catch (LaunchException | RuntimeException e) {
            sluice.close();
            throw e;
        }
    }

    /** Starts with another process's listening sockets, without the admin address, which that process still has. */
    public static Sluice launch(LoadedConfig config, String origin, List<ListeningSockets> passed)
            throws LaunchException, InterruptedException {
        Sluice sluice = new Sluice(config.config());
        try {
            sluice.observer.listen();
            sluice.control.launch(config, origin, passed);
            sluice.observer.start(sluice.control.scheduler());
            return sluice;
        } catch (LaunchException | InterruptedException | RuntimeException e) {
            sluice.close();
            throw e;
        }
    }

    /** Opens the admin address, if one is configured. @throws LaunchException if it cannot be opened */
    void openAdmin(LoadedConfig loaded) throws LaunchException {
        Optional<AdminAccess> access = AdminAccess.of(loaded);
        if (access.isEmpty()) {
            return;
        }
        Faults faults = new Faults(loaded.locations());
        try {
            admin = AdminServer.start(access.get(), control, observer);
        } catch (IOException e) {
            if (e.getCause() instanceof BindException cause) {
                faults.cannotListen("admin.bind", "the admin address", access.get().admin().bind(), cause);
            } else {
                faults.cannotUse("admin", "what the admin address needs", e);
            }
            faults.throwIfAny();
        }
    }

    /** Opens the admin address after another process has closed it, and applies the directives given there. */
    void takeOverAdmin(LoadedConfig loaded) throws LaunchException, InterruptedException {
        control.directing().catchUp();
        openAdmin(loaded);
    }

    /** Closes the admin address, for another process to open it. */
    void closeAdmin() {
        AdminServer closing = admin;
        admin = null;
        if (closing != null) {
            closing.close();
        }
    }

    /** The admin address, if there is one. */
    public Optional<AdminServer> admin() {
        return Optional.ofNullable(admin);
    }

    /** The control plane, which replaces the configuration. */
    public ControlPlane control() {
        return control;
    }

    /** Provides the readings for operators. */
    public Observer observer() {
        return observer;
    }

    /** The addresses that a listener listens on, with the ports that the kernel has chosen for port 0. */
    public List<InetSocketAddress> addresses(String listener) {
        return control.addresses(listener);
    }

    /** Sums of the workers' counters. */
    public StatsReader stats() {
        return control.stats();
    }

    /** How often HTTP requests and responses were refused for this reason, by all workers. */
    public long refusals(HttpError reason) {
        return control.refusals(reason);
    }

    /** The counters that are not zero, as {@code name=value} separated by spaces; for a log line. */
    public String summary() {
        StringBuilder summary = new StringBuilder(stats().summary());
        for (HttpError reason : HttpError.values()) {
            long count = refusals(reason);
            if (count > 0) {
                summary.append(" refused-").append(reason.reason()).append('=').append(count);
            }
        }
        return summary.toString();
    }

    /** The pools by name. */
    public Map<String, Pool> pools() {
        return control.pools();
    }

    public List<Worker> workers() {
        return control.workers();
    }

    /** The number of client connections now. */
    public int connections() {
        return control.connections();
    }

    /** Has all log files opened anew, after a log rotation. */
    public void reopenLogs() {
        control.reopenLogs();
    }

    /**
     * Stops accepting, unless that has happened, and waits until all connections have ended.
     *
     * @param atMost how long to wait
     * @return whether all have ended
     */
    public boolean drain(Duration atMost) throws InterruptedException {
        if (!control.isDraining()) {
            control.stopAccepting(Duration.ZERO);
        }
        long deadlineNs = System.nanoTime() + atMost.toNanos();
        while (connections() > 0 && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(DRAIN_POLL);
        }
        return connections() == 0;
    }

    /** Ends at once and resets the remaining connections that are in use. */
    @Override
    public void close() {
        observer.close();
        closeAdmin();
        control.close();
    }
}
