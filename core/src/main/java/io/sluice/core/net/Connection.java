package io.sluice.core.net;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.BufferWaiter;
import io.sluice.core.linux.Pipe;
import io.sluice.core.linux.Sockets;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.ReadyHandler;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

/**
 * One TCP connection on its event loop, with or without TLS. Reading and writing do not throw: the owner gets a peer's
 * reset as a value, {@link #ABORTED}, like the end of the stream. The connection counts its bytes, and knows for how
 * long its peer has been silent.
 *
 * <p>Owned by one event loop.
 */
public final class Connection implements ReadyHandler, BufferWaiter {

    /** The peer has ended its direction: nothing more will be read. */
    public static final int END = -1;

    /** The connection is broken: reset by the peer, timed out by the kernel, or otherwise of no more use. */
    public static final int ABORTED = -2;

    private static final long NEVER = Long.MIN_VALUE;

    private final EventLoop loop;
    private final TcpSocket socket;
    private final boolean toServer;
    private Transport transport;
    private ConnectionOwner owner;
    /** The operations that the owner asks for. */
    private int interestOps;
    /** What the transport asks for by itself: {@link SelectionKey#OP_WRITE} while it has unsent bytes, else 0. */
    private int transportOps;
    /** A place in a pool's queue may outlive this, and then means nothing. */
    private boolean awaitsBuffer;
    private boolean closed;
    /** When bytes or an end last moved, or the peer was last asked for something new. */
    private long lastActiveNs;
    /** Counts this connection's bytes; null if they are not counted. */
    private Traffic traffic;
    /** Since when the peer's first byte is awaited, or {@link #NEVER}. */
    private long awaitedSinceNs = NEVER;

    /** A connection that a client has made. */
    public Connection(EventLoop loop, TcpSocket socket, ConnectionOwner owner) {
        this(loop, socket, owner, false);
    }

    private Connection(EventLoop loop, TcpSocket socket, ConnectionOwner owner, boolean toServer) {
        assert loop.isOwner();
        this.loop = loop;
        this.socket = socket;
        this.owner = owner;
        this.toServer = toServer;
        transport = new Plain(loop.socketCalls(), socket);
        lastActiveNs = loop.nowNs();
    }

    /** A connection to a server, whose events are handled before those of clients. */
    public static Connection toServer(EventLoop loop, TcpSocket socket, ConnectionOwner owner) {
        return new Connection(loop, socket, owner, true);
    }

    /** Sets who is told of this connection's events from now on. */
    public void owner(ConnectionOwner newOwner) {
        owner = newOwner;
        awaitsBuffer = false;
    }

    // ---- the socket ----

    /**
     * Starts connecting.
     *
     * @return whether the connection is established already; if not, {@link SelectionKey#OP_CONNECT} tells when to
     *         {@link #finishConnect}
     * @throws java.net.BindException if this host has no port left towards the address
     * @throws IOException            if the peer refuses or cannot be reached
     */
    public boolean connect(InetSocketAddress remote) throws IOException {
        boolean connected = socket.connect(remote);
        want(SelectionKey.OP_CONNECT, !connected);
        return connected;
    }

    /** Completes connecting: true when connected, false if it goes on. */
    public boolean finishConnect() throws IOException {
        boolean connected = socket.finishConnect();
        want(SelectionKey.OP_CONNECT, !connected);
        return connected;
    }

    /** From now on, the kernel probes the peer when it is silent. Clients' connections have that from the beginning. */
    public void keepAlive() {
        KeepAlive.apply(socket.descriptor());
    }

    /** The peer's address. */
    public InetSocketAddress remoteAddress() {
        try {
            return socket.remoteAddress();
        } catch (IOException e) {
            throw new UncheckedIOException("asked after close", e);
        }
    }

    /** This end's address. */
    public InetSocketAddress localAddress() {
        try {
            return socket.localAddress();
        } catch (IOException e) {
            throw new UncheckedIOException("asked after close", e);
        }
    }

    /** Whether its bytes go through TLS; then they cannot be spliced. */
    public boolean isSecure() {
        return transport instanceof Tls;
    }

    /** The session of TLS, from the end of the handshake on; null if there is none. */
    public SSLSession tlsSession() {
        return transport instanceof Tls tls ? tls.session() : null;
    }

    /** Switches to TLS: all bytes go through it from now on, beginning with the handshake. */
    Tls secure(SSLEngine engine, TlsBuffers buffers) {
        Tls tls = new Tls(loop, this, (Plain) transport, engine, buffers);
        transport = tls;
        return tls;
    }

    // ---- the bytes ----

    /** Reads once: the number of bytes, 0 if there are none now, {@link #END} or {@link #ABORTED}. */
    public int read(ByteBuffer buffer) {
        assert loop.isOwner();
        try {
            return received(transport.read(buffer));
        } catch (IOException e) {
            return ABORTED;
        }
    }

    /** The same behind what the buffer holds from position to limit, up to its capacity. */
    public int readBehind(ByteBuffer buffer) {
        int start = buffer.position();
        buffer.position(buffer.limit()).limit(buffer.capacity());
        int count = read(buffer);
        buffer.limit(buffer.position()).position(start);
        return count;
    }

    /** Writes once: the number of bytes, 0 if the socket is full, or {@link #ABORTED}. */
    public int write(ByteBuffer buffer) {
        return write(buffer, false);
    }

    /**
     * The same.
     *
     * @param more whether more bytes, {@link #shutdownOutput} or {@link #close} follow at once: bytes may wait for
     *             that, so that both leave in one segment (send(2), {@code MSG_MORE}). One segment less is 5 % of a
     *             short connection's CPU time, and the peer is woken once instead of twice.
     */
    public int write(ByteBuffer buffer, boolean more) {
        assert loop.isOwner();
        try {
            return sent(transport.write(buffer, more));
        } catch (IOException e) {
            return ABORTED;
        }
    }

    /**
     * Whether a write would most likely take a buffer's bytes: asks the kernel, at the price of a system call. If not,
     * {@link SelectionKey#OP_WRITE} tells of room. True, too, of a broken connection, and where it is not known.
     */
    public boolean hasRoom() {
        assert loop.isOwner();
        try {
            return transport.hasRoom();
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Whether the kernel has reported the end of the peer's direction, perhaps behind bytes that have not been read
     * yet. If so, reading on never returns 0: it comes to {@link #END}, or to {@link #ABORTED} if the connection
     * breaks.
     */
    public boolean peerHasEnded() {
        return transport.peerHasEnded();
    }

    /** Reads once into an empty pipe; as the other {@code read}. */
    public int read(Pipe pipe, int mostBytes) {
        assert loop.isOwner() && !closed && !isSecure();
        return received(result(pipe.fillFrom(socket.descriptor(), mostBytes)));
    }

    /** Writes once from a pipe that is not empty; as the other {@code write}. */
    public int write(Pipe pipe) {
        assert loop.isOwner() && !closed && !isSecure();
        return sent(result(pipe.emptyInto(socket.descriptor())));
    }

    private static int result(int moved) {
        return switch (moved) {
            case Pipe.END -> END;
            case Pipe.BROKEN -> ABORTED;
            default -> Math.max(0, moved);
        };
    }

    private int received(int count) {
        if (count > 0) {
            onReceived(count);
        } else if (count == END) {
            endSilence();
        }
        return count;
    }

    private void onReceived(int count) {
        endSilence();
        if (traffic == null) {
            return;
        }
        traffic.add(TrafficCount.RECEIVED_BYTES, count);
        if (awaitedSinceNs != NEVER) {
            traffic.record(Latency.FIRST_BYTE, lastActiveNs - awaitedSinceNs);
            awaitedSinceNs = NEVER;
        }
    }

    private int sent(int count) {
        if (count > 0) {
            endSilence();
            if (traffic != null) {
                traffic.add(TrafficCount.SENT_BYTES, count);
            }
        }
        return count;
    }

    /** Ends this side's direction (FIN) after all that was written. The other direction goes on. */
    public void shutdownOutput() {
        assert loop.isOwner();
        endSilence();
        try {
            transport.shutdownOutput();
        } catch (IOException e) {
            // The connection is broken: there is no one to tell, and the next read reports it.
            assert socket.isOpen() : "shut down after close";
        }
    }

    // ---- what is counted, and the silence ----

    /** Counts the bytes that move from now on there. */
    public void countFor(Traffic counted) {
        traffic = counted;
    }

    /** Also records how long the peer takes from now to send its first byte. */
    public void timeFirstByte() {
        awaitedSinceNs = loop.nowNs();
    }

    /**
     * Since when the peer has been silent: has neither sent nor taken bytes though it was its turn, to send, as its
     * bytes are asked for, or to take what waits for it. Now, if it is not its turn. Of {@link System#nanoTime}.
     */
    public long silentSinceNs() {
        return isAwaited() ? lastActiveNs : loop.nowNs();
    }

    private boolean isAwaited() {
        return (interestOps | transportOps) != 0;
    }

    /** The peer has had no reason to do anything until now, though its bytes may have been asked for. */
    public void endSilence() {
        lastActiveNs = loop.nowNs();
    }

    /**
     * Counts what the peer has taken of the bytes that the kernel holds for it, which may be megabytes: one that reads
     * slowly has not been silent. A system call, to be made only before a peer is given up.
     */
    public void noticeTaken() {
        if (!EventLoop.isNative() || !loop.keepsKernelTime()) {
            return;
        }
        try {
            long takenNs = loop.nowNs() - Sockets.sinceTakenNs(socket.descriptor());
            if (takenNs - lastActiveNs > 0) {
                lastActiveNs = takenNs;
            }
        } catch (IOException e) {
            // The next read or write reports what is wrong.
            assert socket.isOpen() : "asked after close";
        }
    }

    // ---- buffers to read into ----

    /**
     * A buffer to read into. If none is free, null: then the owner is next told of {@link SelectionKey#OP_READ} when
     * one is, in this connection's turn, unless {@link #wantRead} is called before.
     */
    public ByteBuffer acquireBuffer(BufferPool buffers) {
        ByteBuffer buffer = buffers.acquire();
        if (buffer == null) {
            awaitBuffer();
            buffers.await(this);
        }
        return buffer;
    }

    /** The same, but only a {@linkplain BufferPool#acquireSpare spare} one. */
    public ByteBuffer acquireSpareBuffer(BufferPool buffers) {
        ByteBuffer buffer = buffers.acquireSpare();
        if (buffer == null) {
            awaitBuffer();
            buffers.awaitSpare(this);
        }
        return buffer;
    }

    private void awaitBuffer() {
        wantRead(false);
        awaitsBuffer = true;
    }

    /** Whether reading waits for a buffer. */
    public boolean awaitsBuffer() {
        return awaitsBuffer;
    }

    @Override
    public void onBuffer() {
        if (awaitsBuffer && !closed) {
            wantRead(true);
            tellReadable();
        }
    }

    // ---- events ----

    /** Asks for {@link SelectionKey#OP_READ} events or stops asking. */
    public void wantRead(boolean wanted) {
        awaitsBuffer = false;
        want(SelectionKey.OP_READ, wanted);
    }

    /** Asks for {@link SelectionKey#OP_WRITE} events or stops asking. */
    public void wantWrite(boolean wanted) {
        want(SelectionKey.OP_WRITE, wanted);
    }

    private void want(int op, boolean wanted) {
        assert loop.isOwner();
        int updated = wanted ? interestOps | op : interestOps & ~op;
        if (updated == interestOps || closed) {
            return;
        }
        interestOps = updated;
        updateInterest();
        if (wanted) {
            endSilence();
        }
        if (op == SelectionKey.OP_READ && wanted && transport.hasUnread()) {
            transport.offerUnread();
        }
    }

    /** Asks for {@link SelectionKey#OP_WRITE} events on behalf of the transport, or stops asking. */
    void transportWantsWrite(boolean wanted) {
        int updated = wanted ? SelectionKey.OP_WRITE : 0;
        if (updated != transportOps) {
            transportOps = updated;
            updateInterest();
        }
    }

    private void updateInterest() {
        try {
            socket.want(loop, interestOps | transportOps, this);
        } catch (IOException e) {
            throw new UncheckedIOException("an open socket could not be registered", e);
        }
    }

    @Override
    public boolean comesFirst() {
        return toServer;
    }

    @Override
    public void onReady(int readyOps) {
        int told = transportOps == 0 ? readyOps : afterFlush(readyOps);
        if (told != 0) {
            owner.onReady(this, told);
        }
    }

    /**
     * Lets the transport send first. The owner is told only of operations that it has asked for itself, and of room to
     * write only once the transport has sent everything.
     */
    private int afterFlush(int readyOps) {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            try {
                if (transport.onWritable() > 0) {
                    endSilence();
                }
            } catch (IOException e) {
                // The owner's next read or write reports the failure.
                transportWantsWrite(false);
                if (closed) {
                    breakOff();
                }
            }
        }
        return closed ? 0 : readyOps & interestOps & ~transportOps;
    }

    /** Tells the owner of bytes that the transport holds, for which the kernel reports no readiness. */
    void onUnread() {
        if (!wantsUnread()) {
            return;
        }
        tellReadable();
        if (wantsUnread()) {
            transport.offerUnread();
        }
    }

    private boolean wantsUnread() {
        return !closed && (interestOps & SelectionKey.OP_READ) != 0 && transport.hasUnread();
    }

    private void tellReadable() {
        try {
            owner.onReady(this, SelectionKey.OP_READ);
        } catch (RuntimeException e) {
            owner.onFailure(this, e);
        }
    }

    @Override
    public void onFailure(RuntimeException failure) {
        owner.onFailure(this, failure);
    }

    // ---- the end ----

    /** Ends the connection in good order: what was written still arrives, then the peer sees the end. */
    public void close() {
        assert loop.isOwner();
        if (closed) {
            return;
        }
        closed = true;
        interestOps = 0;
        try {
            transport.close();
            if (transportOps != 0) {
                updateInterest();
            }
        } catch (IOException e) {
            breakOff();
        }
    }

    /** Ends the connection with a reset (socket(7)), so that the peer cannot take what it got for the whole. */
    public void abort() {
        assert loop.isOwner();
        if (!closed) {
            closed = true;
            breakOff();
        }
    }

    private void breakOff() {
        try {
            transport.abort();
        } catch (IOException e) {
            // Its descriptor is released all the same (close(2)); there is no one to tell and nothing to retry.
            assert !socket.isOpen();
        }
    }

    public boolean isClosed() {
        return closed;
    }
}
