package io.sluice.launcher;

import io.sluice.launcher.control.ListeningSockets;
import io.sluice.launcher.control.ServiceManager;
import io.sluice.launcher.upgrade.UpgradeServer;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this process gives way to the next one. Safe from any thread. */
final class Predecessor implements UpgradeServer.Predecessor {

    /**
     * How long HTTP clients that are between two requests may take to send the next one, whose response tells them to
     * connect again: closing at once could cut off a request that is on its way.
     */
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Predecessor.class);

    private final Sluice sluice;
    private final ServiceManager manager;
    private final Runnable end;

    /** @param end has the process drain and end */
    Predecessor(Sluice sluice, ServiceManager manager, Runnable end) {
        this.sluice = sluice;
        this.manager = manager;
        this.end = end;
    }

    @Override
    public List<ListeningSockets> sockets() {
        return sluice.control().socketsToPass();
    }

    @Override
    public void stopAccepting(long successor) {
        sluice.control().stopAccepting(false);
        sluice.closeAdmin();
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
