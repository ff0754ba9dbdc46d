package io.sluice.core.tls.boring;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import sun.nio.ch.DirectBuffer;

/** Memory outside of the heap. */
final class Native {

    /**
     * Frees the few objects that many users share, so that only the garbage collector knows when their use has ended.
     */
    private static final Cleaner CLEANER = Cleaner.create();

    /** For content on the heap, which is rare: answers of Sluice's own, and rewritten heads. */
    private static final ThreadLocal<ByteBuffer> SCRATCH =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(Records.MOST_CONTENT_BYTES));

    private Native() { }

    /** @param free must not refer to the owner */
    static void freeWith(Object owner, Runnable free) {
        CLEANER.register(owner, free);
    }

    /** Empty; for the content of one record, on its way to or from a buffer on the heap, within one call. */
    static ByteBuffer scratch() {
        return SCRATCH.get().clear();
    }

    /** The address of a direct buffer's remaining bytes. */
    static long address(ByteBuffer buffer) {
        return ((DirectBuffer) buffer).address() + buffer.position();
    }
}
