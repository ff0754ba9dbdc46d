package io.sluice.core.net;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * How a connection's bytes go over the wire: as they are, or in TLS records. Used by {@link Connection} only. There are
 * just two kinds, so that the JIT compiler can inline the calls of both.
 *
 * <p>Owned by one event loop.
 */
abstract sealed class Transport permits Plain, Tls {

    /** Reads once: as {@link Connection#read(ByteBuffer)}. */
    abstract int read(ByteBuffer buffer) throws IOException;

    /** Writes once: as {@link Connection#write(ByteBuffer, boolean)}. */
    abstract int write(ByteBuffer buffer, boolean more) throws IOException;

    /** As {@link Connection#hasRoom}. */
    abstract boolean hasRoom() throws IOException;

    /** As {@link Connection#peerHasEnded}. */
    abstract boolean peerHasEnded();

    /** Whether {@link #read} would return something without the socket, for which the kernel reports no readiness. */
    abstract boolean hasUnread();

    /** Has the owner told of unread bytes at the end of the cycle, as if the kernel had reported readiness. */
    abstract void offerUnread();

    /** The socket takes bytes again, as the transport itself has asked for. @return bytes that the socket has taken */
    abstract int onWritable() throws IOException;

    /** Ends this side's direction after all that was written. */
    abstract void shutdownOutput() throws IOException;

    /** Ends the connection after all that was written, which may take a while yet. */
    abstract void close() throws IOException;

    /** Ends the connection at once. */
    abstract void abort() throws IOException;
}
