package io.sluice.core.buffer;

import java.nio.ByteBuffer;

/** Waits for a buffer of an exhausted {@link BufferPool}. Called on the pool's event loop. */
public interface BufferWaiter {

    /** A cleared buffer, now the waiter's: to use or to give back. */
    void onBuffer(ByteBuffer buffer);
}
