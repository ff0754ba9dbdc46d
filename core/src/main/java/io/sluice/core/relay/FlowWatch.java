package io.sluice.core.relay;

import java.nio.ByteBuffer;

/** Sees what a flow reads before its sink gets it. Called on the flow's event loop. */
public interface FlowWatch {

    /**
     * Bytes have been read.
     *
     * @param read from position to limit, to be looked at or changed in place, but not all taken out
     * @return whether the rest of the flow does not matter; then this is not called again
     */
    boolean hasSeenAll(ByteBuffer read);
}
