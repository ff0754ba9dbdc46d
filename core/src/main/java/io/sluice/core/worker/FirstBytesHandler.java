package io.sluice.core.worker;

import java.nio.ByteBuffer;

/** Told of the bytes that {@link FirstBytes} reads. Called on its event loop, also from within {@code start}. */
public interface FirstBytesHandler {

    /** Why no more bytes come. */
    enum NoMore {
        /** The peer has ended its direction. */
        ENDED,
        /** The connection is broken. */
        ABORTED,
        /** The time is over. */
        LATE,
        /** The buffer is full. */
        FULL,
        /** Reading has failed by a bug, which is logged. */
        FAILED
    }

    /**
     * Bytes have come. The handler may decide on them, or wait for more.
     *
     * @param received all bytes so far, from position to limit; the handler may take some by moving the position
     */
    void onBytes(ByteBuffer received);

    /** No more bytes will come. The handler has yet to call {@link FirstBytes#end} or {@link FirstBytes#cancel}. */
    void onNoMore(NoMore cause);
}
