package io.sluice.launcher.admin;

import io.sluice.core.log.OnceAMinute;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the admin address does while no client can be accepted, as without a file descriptor left: it waits before it
 * tries again. Jetty logs each attempt, and with a Unix socket it does not wait. The clients that a Unix socket has
 * wait with it. Safe from any thread.
 */
final class AcceptFailures {

    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);

    private final OnceAMinute toldOfFailure = new OnceAMinute();

    ServerConnector tcp(Server server, ConnectionFactory... protocols) {
        return new ServerConnector(server, 1, 1, protocols) {
            @Override
            protected boolean handleAcceptFailure(Throwable failure) {
                return failure instanceof IOException lack && awaitRetry(lack) || super.handleAcceptFailure(failure);
            }
        };
    }

    /** Without an acceptor thread: such a thread never resumes after the connection limit has paused it. */
    UnixDomainServerConnector unixSocket(Server server, ConnectionFactory protocol) {
        return new UnixDomainServerConnector(server, 0, 1, protocol) {
            @Override
            protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
                return new UnixDomainSelectorManager(executor, scheduler, selectors) {
                    @Override
                    protected SelectableChannel doAccept(SelectableChannel listening) throws IOException {
                        try {
                            return super.doAccept(listening);
                        } catch (IOException e) {
                            if (awaitRetry(e)) {
                                return null;
                            }
                            throw e;
                        }
                    }
                };
            }
        };
    }

    /** Returns when it is time to try again; false at once if there is nothing more to accept. */
    private boolean awaitRetry(IOException failure) {
        if (failure instanceof ClosedChannelException) {
            return false;
        }
        if (toldOfFailure.isDue(System.nanoTime())) {
            LOG.error("admin: no client can be accepted: {}; it is tried again; logged once a minute at most",
                    failure.getMessage());
        }
        LockSupport.parkNanos(this, RETRY_NS);
        return true;
    }
}
