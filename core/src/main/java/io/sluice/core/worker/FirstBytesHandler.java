package io.sluice.core.worker;

import java.nio.ByteBuffer;

/** Looks at what {@link FirstBytes} reads. Called on its event loop, also from within {@code start}. */
public interface FirstBytesHandler {

    /** Why no more bytes come. */
    enum NoMore {
        /** The peer has ended its direction. */
        ENDED,
        /** The connection is broken. */
        ABORTED,
        /** The time is over. */
        LATE,
        /** No more fit into a buffer. */
        FULL,
        /** Reading has failed by a bug, which is logged. */
        FAILED
    }

    /**
     * Bytes have come: to be judged, or left until there are more.
     *
     * @param received all of them, from position to limit; the handler may take some by moving the position
     */
    void onBytes(ByteBuffer received);

    /** There will be no more. The reading is over, but for {@link FirstBytes#end}. */
    void onNoMore(NoMore cause);
}
