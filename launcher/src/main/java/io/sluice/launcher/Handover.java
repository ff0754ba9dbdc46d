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

/** How this process gives way to the next one. Safe from any thread. */
final class Handover implements UpgradeServer.Predecessor {

    /**
     * How long HTTP clients that are between two requests may take to send the next one, whose response tells them to
     * connect again: closing at once could cut off a request that is on its way.
     */
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(5);

    /** It may be alive and drain. */
    private static final int PATIENCE_WITH_DYING_S = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

    private final Sluice sluice;
    private final LoadedConfig first;
    private final ServiceManager manager;
    private final Runnable end;

    /** @param first what this process has started with @param end has it drain and end */
    Handover(Sluice sluice, LoadedConfig first, ServiceManager manager, Runnable end) {
        this.sluice = sluice;
        this.first = first;
        this.manager = manager;
        this.end = end;
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
            sluice.takeOverAdmin(first);
        } catch (LaunchException e) {
            LOG.error("upgrade: process {} has failed, and there is no admin address any more: {}", failed,
                    e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Who dies has its addresses for a little longer than it can be spoken to. */
    private static void awaitEnd(long process) {
        ProcessHandle.of(process).ifPresent(dying -> dying.onExit().completeOnTimeout(dying, PATIENCE_WITH_DYING_S,
                TimeUnit.SECONDS).join());
    }

    @Override
    public void stopAccepting(long successor) {
        sluice.control().stopAccepting(false);
        manager.passOn(successor);
        LOG.info("upgrade: process {} accepts all clients from now on", successor);
    }

    @Override
    public void end() {
        try {
            Duration half = sluice.control().config().drainTimeout().dividedBy(2);
            sluice.awaitNoConnections(half.compareTo(LONGEST_PATIENCE) < 0 ? half : LONGEST_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end.run();
    }
}
