package io.sluice.core.relay;

import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes bytes between a client and a server through two symmetric flows, until both directions have ended or either
 * connection breaks. Ends are carried through one direction at a time (half-close), and a reset on one side becomes a
 * reset on the other, so that either peer can tell an abort from a clean end.
 *
 * <p>Owned by one event loop.
 */
public final class Relay implements ConnectionOwner, TimerHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    /** Relays that end before need no keep-alive, which would take four system calls of some twenty. */
    private static final long KEEP_ALIVE_AFTER_NS = TimeUnit.SECONDS.toNanos(10);

    private final EventLoop loop;
    private final Connection client;
    private final Connection server;
    private final Flow clientToServer;
    private final Flow serverToClient;
    private final SilenceLimits limits;
    private final RelayOwner owner;
    private final Timer timer = new Timer(this);
    private boolean over;

    /**
     * @param clientToServer has the client as its source, and may have read ahead from it
     * @param serverToClient has the server as its source
     */
    public Relay(EventLoop loop, Flow clientToServer, Flow serverToClient, SilenceLimits limits, RelayOwner owner) {
        this.loop = loop;
        client = clientToServer.source();
        server = serverToClient.source();
        this.clientToServer = clientToServer;
        this.serverToClient = serverToClient;
        this.limits = limits;
        this.owner = owner;
    }

    /** Takes both connections over and begins. */
    public void start() {
        client.owner(this);
        server.owner(this);
        client.endSilence();
        server.endSilence();
        loop.timers().schedule(timer, earlier(deadlineNs(), loop.nowNs() + KEEP_ALIVE_AFTER_NS));
        afterStep(clientToServer, clientToServer.sink(server));
        afterStep(serverToClient, serverToClient.sink(client));
    }

    @Override
    public void onReady(Connection connection, int readyOps) {
        Flow from = connection == client ? clientToServer : serverToClient;
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            Flow to = opposite(from);
            afterStep(to, to.onWritable());
        }
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            afterStep(from, from.onReadable());
        }
    }

    @Override
    public void onFailure(Connection connection, RuntimeException failure) {
        LOG.error("a relay failed", failure);
        abort(Termination.INTERNAL_ERROR);
    }

    /**
     * Checks for how long there has been silence. The timer is moved here only, as moving it with each read or write
     * would cost time.
     */
    @Override
    public void onTimer(long nowNs) {
        long deadlineNs = deadlineNs();
        if (deadlineNs - nowNs <= 0) {
            client.noticeTaken();
            server.noticeTaken();
            deadlineNs = deadlineNs();
        }
        if (deadlineNs - nowNs > 0) {
            server.keepAlive();
            loop.timers().schedule(timer, deadlineNs);
        } else {
            abort(silentSide());
        }
    }

    /** Resets both connections. */
    public void abort(Termination termination) {
        if (!over) {
            client.abort();
            server.abort();
            end(termination);
        }
    }

    private void afterStep(Flow flow, Flow.Outcome outcome) {
        switch (outcome) {
            case GOES_ON -> { }
            case ENDED -> onFlowEnd(flow);
            case SOURCE_ABORTED -> onReset(flow);
            case SINK_ABORTED -> onSinkReset(flow);
        }
    }

    /** A peer that takes no more bytes may have sent the reason: passes that on first, as far as it goes at once. */
    private void onSinkReset(Flow flow) {
        opposite(flow).readOnceMore();
        abort(flow == clientToServer ? Termination.SERVER_ABORT_DATA : Termination.CLIENT_ABORT_DATA);
    }

    /**
     * A peer has reset its connection. This is a normal end if the other one has ended its direction and this one was
     * sent all of it: some peers close without reading the last bytes, such as TLS's close_notify, and thereby reset;
     * browsers end a WebSocket over TLS without sending a close_notify, which counts as a reset.
     */
    private void onReset(Flow flow) {
        if (opposite(flow).state() == Flow.State.ENDED) {
            abort(Termination.NORMAL);
        } else {
            abort(flow == clientToServer ? Termination.CLIENT_ABORT_DATA : Termination.SERVER_ABORT_DATA);
        }
    }

    private void onFlowEnd(Flow flow) {
        if (opposite(flow).state() == Flow.State.ENDED) {
            // Closing sends the ends, too.
            client.close();
            server.close();
            end(Termination.NORMAL);
        } else {
            (flow == clientToServer ? server : client).shutdownOutput();
            loop.timers().scheduleNoLater(timer, deadlineNs());
        }
    }

    private Flow opposite(Flow flow) {
        return flow == clientToServer ? serverToClient : clientToServer;
    }

    private void end(Termination termination) {
        over = true;
        loop.timers().cancel(timer);
        clientToServer.close();
        serverToClient.close();
        owner.onRelayEnd(termination);
    }

    private long deadlineNs() {
        return earlier(clientDeadlineNs(), serverDeadlineNs());
    }

    private long clientDeadlineNs() {
        return deadlineNs(client, limits.clientNs());
    }

    private long serverDeadlineNs() {
        return deadlineNs(server, limits.serverNs());
    }

    private long deadlineNs(Connection peer, long limitNs) {
        return peer.silentSinceNs() + (isHalfClosed() ? limits.halfClosedNs() : limitNs);
    }

    private Termination silentSide() {
        return clientDeadlineNs() - serverDeadlineNs() <= 0
                ? Termination.CLIENT_TIMEOUT_DATA : Termination.SERVER_TIMEOUT_DATA;
    }

    private static long earlier(long aNs, long bNs) {
        return aNs - bNs < 0 ? aNs : bNs;
    }

    private boolean isHalfClosed() {
        return clientToServer.state() == Flow.State.ENDED || serverToClient.state() == Flow.State.ENDED;
    }
}
