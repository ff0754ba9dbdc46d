package io.sluice.launcher;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.config.parse.LoadedConfig;
import io.sluice.launcher.control.Faults;
import io.sluice.launcher.control.LaunchException;
import io.sluice.launcher.control.ServiceManager;
import io.sluice.launcher.upgrade.Takeover;
import io.sluice.launcher.upgrade.UpgradeServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the load balancer until a signal ends it. Used once, by the main thread. */
final class Run {

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private static final int LOOK_AT_MEMORY_EVERY_S = 5;
    /** Among the signals: another process has taken over. */
    private static final String UPGRADE = "upgrade";
    /** Made beforehand: by then there is no memory to make it. */
    private static final byte[] NO_MEMORY =
            "Sluice ends, broken: there is no memory, not even to log that\n".getBytes(StandardCharsets.US_ASCII);

    private final Path file;
    private final boolean takesOver;
    private final PrintWriter out;
    private final PrintWriter err;
    private final BlockingQueue<String> stopSignals = new LinkedBlockingQueue<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Sluice> running = new CompletableFuture<>();

    /** @param out where the welcome goes @param err where the configuration's warnings go */
    Run(RunArguments arguments, PrintWriter out, PrintWriter err) {
        file = arguments.file();
        takesOver = arguments.takesOver();
        this.out = out;
        this.err = err;
    }

    /** Starts, serves, drains. @return the exit code */
    int call() throws ConfigException, LaunchException, InterruptedException {
        LoadedConfig loaded = ConfigParser.load(file);
        loaded.warnings().forEach(warning -> err.println(warning.render()));
        SluiceConfig config = loaded.config();
        // The resolver has its own interval; the JDK's cache would only make its answers older.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        handleStopSignals();
        handleOtherSignals();
        LOG.info("Sluice {} starts with {}", Version.get(), file.toAbsolutePath().normalize());
        Thread.setDefaultUncaughtExceptionHandler(Run::onUncaught);
        Takeover takeover = takesOver ? Takeover.from(UpgradeCommand.socket(config, file)) : null;
        Sluice sluice = launch(loaded, takeover);
        try (sluice; ServiceManager manager = new ServiceManager(System.getenv())) {
            running.complete(sluice);
            if (takeover != null) {
                replaceOther(takeover, sluice, loaded);
            }
            UpgradeServer upgrades = openUpgrades(loaded, sluice, manager);
            manager.ready(sluice.workers().stream().map(worker -> worker.loop().mailbox()).toList());
            if (takeover != null) {
                LOG.info("reads {} again: the process before this one may have reloaded it meanwhile", file);
                reload(sluice);
            }
            // Not before: the service manager need not hear of a reload that nobody has asked for.
            sluice.control().announceTo(manager);
            if (takeover != null) {
                takeover.up();
            }
            out.print(Welcome.text(sluice.control().config(), sluice));
            out.flush();
            drainWhenStopped(sluice, manager);
            if (upgrades != null) {
                upgrades.close();
            }
        }
        LOG.info("Sluice ends: {}", sluice.summary());
        return ExitCode.OK;
    }

    private Sluice launch(LoadedConfig loaded, Takeover takeover) throws LaunchException, InterruptedException {
        String origin = file.toString();
        if (takeover == null) {
            return Sluice.launch(loaded, origin);
        }
        try {
            new Rehearsal().perform(loaded.config());
            throwIfStopped();
            return Sluice.launch(loaded, origin, takeover.receiveSockets());
        } catch (LaunchException | InterruptedException | RuntimeException e) {
            takeover.close();
            throw e;
        }
    }

    /** Called while the other process still serves alone, or beside this one: to end now leaves its clients there. */
    private void throwIfStopped() throws LaunchException {
        String signal = stopSignals.peek();
        if (signal != null) {
            throw new LaunchException(signal + " came before this process had taken over");
        }
    }

    /**
     * @throws LaunchException if the admin address cannot be bound, or a signal has come; the other process then goes
     *                         on as before
     */
    private void replaceOther(Takeover takeover, Sluice sluice, LoadedConfig loaded)
            throws LaunchException, InterruptedException {
        boolean otherIsAlive = takeover.ready();
        try {
            // Operators may have sent directives to the other process since this one read the state file.
            sluice.takeOverAdmin(loaded);
            if (otherIsAlive) {
                throwIfStopped();
            }
        } catch (LaunchException e) {
            if (otherIsAlive) {
                sluice.closeAdmin();
                sluice.control().leaveStateFile();
                takeover.failed(e.getMessage());
                sluice.drain(loaded.config().drainTimeout());
                throw e;
            }
            // The other process has ended, so this one serves on, without an admin address.
            LOG.error("there is no admin address: {}", e.getMessage());
        }
        if (otherIsAlive) {
            takeover.serving();
        }
    }

    /** Opens the upgrade socket; null if no other process can take over from this one. */
    private UpgradeServer openUpgrades(LoadedConfig loaded, Sluice sluice, ServiceManager manager)
            throws LaunchException {
        if (loaded.config().upgradeSocket().isEmpty()) {
            return null;
        }
        Path socket = loaded.config().upgradeSocket().get();
        try {
            return UpgradeServer.open(socket, new Handover(sluice, loaded, manager, this::onPassedOn));
        } catch (IOException e) {
            Faults faults = new Faults(loaded.locations());
            faults.cannotUse("upgrade-socket", "its socket", e);
            throwUnlessNeeded(faults);
            return null;
        }
    }

    /** @throws LaunchException unless this process has taken over: to end now would leave clients with nobody */
    private void throwUnlessNeeded(Faults faults) throws LaunchException {
        try {
            faults.throwIfAny();
        } catch (LaunchException e) {
            if (!takesOver) {
                throw e;
            }
            LOG.error("nobody can take over from this process:\n{}", e.getMessage());
        }
    }

    /** Called before anything is started: a signal during the start ends Sluice as soon as the start is complete. */
    private void handleStopSignals() {
        Signals.on("TERM", () -> onStopSignal("TERM"));
        Signals.on("INT", () -> onStopSignal("INT"));
    }

    /** The first one is up to the main thread; the next one ends the process, whatever that thread is waiting for. */
    private void onStopSignal(String signal) {
        if (stopping.getAndSet(true)) {
            LOG.warn("{} again: ends at once", signal);
            LogFlush.await();
            Runtime.getRuntime().halt(ExitCode.CUT_SHORT);
        }
        if (!running.isDone()) {
            LOG.info("{} during the start, after which Sluice ends; another signal ends it at once", signal);
        }
        stopSignals.add(signal);
    }

    /** Another process serves: this one drains, and a signal ends that, as it does after a first signal. */
    private void onPassedOn() {
        stopping.set(true);
        stopSignals.add(UPGRADE);
    }

    /** Called as early, since these signals end the process by default. Actions wait until Sluice is up. */
    private void handleOtherSignals() {
        if (!Signals.on("HUP", this::onHangUp)) {
            LOG.warn("HUP is ignored, as under nohup, and reloads nothing: use './sluice reload'");
        }
        Signals.on("USR1", () -> {
            Sluice sluice = running.join();
            LOG.info("USR1: log files are opened anew");
            sluice.reopenLogs();
        });
        // Handled, since users of HAProxy send USR2 to reload and users of nginx to upgrade.
        Signals.on("USR2", () -> LOG.warn("USR2 does nothing here: HUP reloads the configuration, USR1 opens log files "
                + "anew, TERM drains and ends"));
    }

    private void onHangUp() {
        Sluice sluice = running.join();
        LOG.info("HUP: reads {} again", file);
        reload(sluice);
    }

    /** Reloads the file. After any failure, the present configuration stays in force. */
    private void reload(Sluice sluice) {
        try {
            sluice.control().reload(file);
        } catch (ConfigException | LaunchException e) {
            LOG.error("no reload, all goes on as before:\n{}", e.getMessage());
        } catch (InterruptedException e) {
            LOG.warn("no reload: Sluice is ending");
        } catch (RuntimeException e) {
            LOG.error("no reload, because of a bug", e);
        }
    }

    private void drainWhenStopped(Sluice sluice, ServiceManager manager) throws InterruptedException {
        String signal = awaitStopSignal();
        SluiceConfig config = sluice.control().config();
        LOG.info("{}: stops accepting; {} connections may go on for {} ms", signal, sluice.connections(),
                config.drainTimeout().toMillis());
        manager.stopping();
        boolean drained = sluice.drain(config.drainTimeout());
        if (drained) {
            LOG.info("all connections have ended");
        } else {
            LOG.warn("the drain timeout has passed: the last {} connections are ended, by a reset if they are in use",
                    sluice.connections());
        }
    }

    private String awaitStopSignal() throws InterruptedException {
        CompilerRest compilers = new CompilerRest();
        Optional<HeapTrim> heap = HeapTrim.ofThisJvm();
        while (true) {
            String signal = stopSignals.poll(LOOK_AT_MEMORY_EVERY_S, TimeUnit.SECONDS);
            if (signal != null) {
                return signal;
            }
            compilers.look();
            heap.ifPresent(HeapTrim::look);
        }
    }

    /** Ends the process: without one of its workers, it would serve some clients and hang others. */
    private static void onUncaught(Thread thread, Throwable error) {
        try {
            LOG.error("thread {} ended by an error", thread.getName(), error);
            LOG.error("Sluice ends, broken");
            LogFlush.await();
        } catch (OutOfMemoryError e) {
            System.err.write(NO_MEMORY, 0, NO_MEMORY.length);
        } finally {
            Runtime.getRuntime().halt(ExitCode.BROKEN);
        }
    }
}
