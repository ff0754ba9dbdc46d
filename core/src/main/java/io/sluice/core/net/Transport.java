package io.sluice.core.net;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a connection's bytes are on the wire: themselves, or records of TLS. Only {@link Connection} knows it apart; two
 * kinds and no more, so that a call of either is compiled into the caller.
 *
 * <p>Owned by one event loop.
 */
abstract sealed class Transport permits Plain, Tls {

    /** Reads once: as {@link Connection#read(ByteBuffer)}. */
    abstract int read(ByteBuffer buffer) throws IOException;

    /** Writes once: as {@link Connection#write(ByteBuffer, boolean)}. */
    abstract int write(ByteBuffer buffer, boolean more) throws IOException;

    /** As {@link Connection#peerHasEnded}. */
    abstract boolean peerHasEnded();

    /** Whether reading would bring something although the socket has nothing: the kernel does not tell of that. */
    abstract boolean hasUnread();

    /** Has the owner be told of that at the end of the cycle, as if the kernel had. */
    abstract void offerUnread();

    /** The socket takes bytes again, for which only the transport itself has asked. @return bytes that it has taken */
    abstract int onWritable() throws IOException;

    /** Ends this side's direction after all that was written. */
    abstract void shutdownOutput() throws IOException;

    /** Ends the connection after all that was written, which may take a while yet. */
    abstract void close() throws IOException;

    /** Ends the connection at once. */
    abstract void abort() throws IOException;
}
