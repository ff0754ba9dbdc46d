package io.sluice.core.buffer;

/** Waits for a buffer of an exhausted {@link BufferPool}. Called on the pool's event loop. */
public interface BufferWaiter {

    /** It is this waiter's turn to acquire a buffer, within this call. */
    void onBuffer();
}
