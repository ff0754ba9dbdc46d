package io.sluice.core.worker;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.worker.FirstBytesHandler.NoMore;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a peer's first bytes for a handler that has to see them before the connection is served: at most one buffer,
 * and within a time that arriving bytes do not extend, but waiting for the buffer does. Owns the peer's connection
 * meanwhile. {@link #end} hands over the bytes that the handler did not take, to be passed on unchanged.
 *
 * <p>Owned by one event loop.
 */
public final class FirstBytes implements ConnectionOwner, TimerHandler {

    private static final Logger LOG = LoggerFactory.getLogger(FirstBytes.class);

    private final EventLoop loop;
    private final BufferPool buffers;
    private final Connection peer;
    private final FirstBytesHandler handler;
    /** Whether these bytes begin new work, which gets spare buffers only. */
    private final boolean beginsWork;
    /** Scheduled exactly while bytes are awaited. */
    private final Timer timer = new Timer(this);
    private long timeoutNs;
    private ByteBuffer received;

    private FirstBytes(Worker worker, Connection peer, FirstBytesHandler handler, boolean beginsWork) {
        loop = worker.loop();
        buffers = worker.buffers();
        this.peer = peer;
        this.handler = handler;
        this.beginsWork = beginsWork;
    }

    /** Reads what a client sends first. */
    public static FirstBytes ofClient(Worker worker, Connection client, FirstBytesHandler handler) {
        return new FirstBytes(worker, client, handler, true);
    }

    /** Reads what a server answers first. */
    public static FirstBytes ofServer(Worker worker, Connection server, FirstBytesHandler handler) {
        return new FirstBytes(worker, server, handler, false);
    }

    /**
     * Begins, for the first time or again after the end. The handler may be called before this returns.
     *
     * @param already  bytes that were read before, in a buffer of the worker's pool that this takes over; null if none
     * @param withinNs from now
     */
    public void start(ByteBuffer already, long withinNs) {
        received = already;
        timeoutNs = withinNs;
        loop.timers().schedule(timer, loop.nowNs() + timeoutNs);
        peer.owner(this);
        peer.wantRead(true);
        if (already != null) {
            tell();
        }
    }

    /**
     * Ends the reading and hands over the bytes not taken, in a buffer that is now the caller's; null if there are
     * none.
     */
    public ByteBuffer end() {
        loop.timers().cancel(timer);
        ByteBuffer handedOver = received;
        received = null;
        if (handedOver != null && !handedOver.hasRemaining()) {
            buffers.release(handedOver);
            return null;
        }
        return handedOver;
    }

    /** Ends the reading and drops the bytes. */
    public void cancel() {
        ByteBuffer dropped = end();
        if (dropped != null) {
            buffers.release(dropped);
        }
    }

    @Override
    public void onReady(Connection ready, int readyOps) {
        if (received == null) {
            ByteBuffer buffer = beginsWork ? peer.acquireSpareBuffer(buffers) : peer.acquireBuffer(buffers);
            if (buffer == null) {
                return;
            }
            received = buffer.limit(0);
        }
        if (!received.hasRemaining()) {
            received.clear().limit(0);
        }
        int count = peer.readBehind(received);
        if (count < 0) {
            noMore(count == Connection.END ? NoMore.ENDED : NoMore.ABORTED);
        } else if (count > 0) {
            tell();
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        LOG.error("reading what a peer sends first has failed", failure);
        noMore(NoMore.FAILED);
    }

    @Override
    public void onTimer(long nowNs) {
        if (peer.awaitsBuffer()) {
            // The peer has sent what there is no room for: its time begins anew.
            loop.timers().schedule(timer, nowNs + timeoutNs);
        } else {
            noMore(NoMore.LATE);
        }
    }

    private void tell() {
        handler.onBytes(received);
        if (timer.isScheduled() && received != null && received.limit() == received.capacity()) {
            noMore(NoMore.FULL);
        }
    }

    private void noMore(NoMore cause) {
        loop.timers().cancel(timer);
        handler.onNoMore(cause);
    }
}
