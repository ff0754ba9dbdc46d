package io.sluice.launcher;

import io.sluice.config.parse.LoadedConfig;
import io.sluice.launcher.control.LaunchException;
import io.sluice.launcher.control.ListeningSockets;
import io.sluice.launcher.control.ServiceManager;
import io.sluice.launcher.upgrade.UpgradeServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands this process's clients over to the next process in an upgrade. Safe from any thread. */
final class Handover implements UpgradeServer.Predecessor {

    /**
     * How long idle HTTP clients may take to send their next request, whose response tells them to reconnect. Closing
     * at once could cut off a request that is on its way.
     */
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(5);

    /** Bounded, since a successor that has failed may still be alive and drain. */
    private static final int PATIENCE_WITH_DYING_S = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

    private final Sluice sluice;
    private final LoadedConfig first;
    private final ServiceManager manager;
    private final Runnable end;

    /** @param first the configuration that this process started with @param end makes this process drain and end */
    Handover(Sluice sluice, LoadedConfig first, ServiceManager manager, Runnable end) {
        this.sluice = sluice;
        this.first = first;
        this.manager = manager;
        this.end = end;
    }

    @Override
    public boolean isEnding() {
        return sluice.control().isDraining();
    }

    @Override
    public List<ListeningSockets> sockets() {
        return sluice.control().socketsToPass();
    }

    @Override
    public void leaveAdmin() {
        sluice.closeAdmin();
    }

    @Override
    public void goOn(long failed) {
        awaitEnd(failed);
        try {
            sluice.openAdmin(first);
        } catch (LaunchException e) {
            LOG.error("upgrade: process {} has failed, and there is no admin address any more: {}", failed,
                    e.getMessage());
        }
    }

    /** Waits for a failed process to end: its addresses stay bound a little longer than its conversation lasts. */
    private static void awaitEnd(long process) {
        ProcessHandle.of(process).ifPresent(dying -> dying.onExit().completeOnTimeout(dying, PATIENCE_WITH_DYING_S,
                TimeUnit.SECONDS).join());
    }

    @Override
    public void stopAccepting(long successor) {
        sluice.control().leaveStateFile();
        sluice.control().stopAccepting(patience());
        manager.passOn(successor);
        LOG.info("upgrade: process {} accepts all clients from now on", successor);
    }

    @Override
    public void end() {
        end.run();
    }

    private Duration patience() {
        Duration half = sluice.control().config().drainTimeout().dividedBy(2);
        return half.compareTo(LONGEST_PATIENCE) < 0 ? half : LONGEST_PATIENCE;
    }
}
