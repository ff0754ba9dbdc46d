package io.sluice.core.net;

import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.ReadyHandler;
import io.sluice.core.loop.Registration;
import io.sluice.core.loop.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts the connections of one listening socket. At the connection limit it stops accepting, and the kernel queues
 * clients; when accepting fails for want of file descriptors or memory it pauses instead of spinning.
 *
 * <pre>
 *               limit full               resumed
 *   ACCEPTING ─────────────▶ AT_LIMIT ─────────────▶ ACCEPTING
 *   ACCEPTING ── accept failed ──▶ BACKING_OFF ── timer ──▶ ACCEPTING
 *       any   ── close ──▶ CLOSED
 * </pre>
 *
 * <p>Owned by one event loop.
 */
public final class Acceptor implements ReadyHandler {

    /** Bounds the accepts of a cycle, so that a storm of new connections does not starve established ones. */
    private static final int MOST_PER_CYCLE = 64;
    private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private enum State { ACCEPTING, AT_LIMIT, BACKING_OFF, CLOSED }

    private final EventLoop loop;
    private final ServerSocketChannel channel;
    /** The local address of all accepted sockets; null if each socket has to be asked. */
    private final InetSocketAddress local;
    private final Registration registration;
    private final Timer backOff = new Timer(nowNs -> resume(State.BACKING_OFF));
    private final Runnable resumeFromAnyThread;
    private ConnectionLimit limit;
    private AcceptHandler handler;
    private State state = State.ACCEPTING;
    private long pauseNs = FIRST_PAUSE_NS;

    /** Starts accepting. @param channel bound and non-blocking; closed by {@link #close} */
    public Acceptor(EventLoop loop, ServerSocketChannel channel, ConnectionLimit limit, AcceptHandler handler) {
        this.loop = loop;
        this.channel = channel;
        this.limit = limit;
        this.handler = handler;
        resumeFromAnyThread = () -> loop.mailbox().post(() -> resume(State.AT_LIMIT));
        try {
            local = TcpSocket.addressOfAccepted(channel);
            registration = loop.register(channel, SelectionKey.OP_ACCEPT, this);
        } catch (IOException e) {
            throw new UncheckedIOException("an open listening socket could not be registered", e);
        }
    }

    /** Counts clients by another limit and passes them to another handler from now on. */
    public void handOver(ConnectionLimit newLimit, AcceptHandler newHandler) {
        limit = newLimit;
        handler = newHandler;
        // The limit that was full may not apply to this socket any more.
        resume(State.AT_LIMIT);
    }

    @Override
    public void onReady(int readyOps) {
        acceptAtMost(MOST_PER_CYCLE);
    }

    @Override
    public void onFailure(RuntimeException failure) {
        if (failure instanceof UncheckedIOException lack && state == State.ACCEPTING) {
            // The loop could not even wait for clients. Resuming asks for them again.
            backOff(lack.getCause());
        } else {
            LOG.error("accepting a connection failed", failure);
        }
    }

    /**
     * Stops listening. Connections that the kernel has already established for this socket are accepted first: closing
     * would reset them.
     */
    public void close() {
        assert loop.isOwner();
        if (state == State.ACCEPTING) {
            acceptAtMost(Integer.MAX_VALUE);
        }
        state = State.CLOSED;
        loop.timers().cancel(backOff);
        // If another process shares the socket, closing it here does not end its registration with epoll.
        registration.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("a listening socket did not close cleanly: {}", e.toString());
        }
    }

    private void acceptAtMost(int most) {
        for (int accepted = 0; accepted < most; accepted++) {
            if (!limit.tryAcquire()) {
                pause(State.AT_LIMIT);
                limit.await(resumeFromAnyThread);
                handler.onLimit();
                return;
            }
            TcpSocket client = accept();
            if (client == null) {
                limit.release();
                return;
            }
            handler.onAccepted(client);
        }
    }

    /** The next client, or null if there is none or accepting failed. */
    private TcpSocket accept() {
        try {
            TcpSocket client = TcpSocket.accept(channel, local);
            if (client != null) {
                pauseNs = FIRST_PAUSE_NS;
            }
            return client;
        } catch (IOException e) {
            backOff(e);
            return null;
        }
    }

    private void backOff(IOException cause) {
        handler.onAcceptFailed(cause.getMessage());
        pause(State.BACKING_OFF);
        loop.timers().schedule(backOff, loop.nowNs() + pauseNs);
        pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
    }

    private void pause(State reason) {
        state = reason;
        registration.interestOps(0);
    }

    private void resume(State from) {
        if (state == from) {
            state = State.ACCEPTING;
            registration.interestOps(SelectionKey.OP_ACCEPT);
        }
    }
}
