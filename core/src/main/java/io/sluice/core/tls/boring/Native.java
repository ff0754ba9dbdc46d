package io.sluice.core.tls.boring;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import sun.nio.ch.DirectBuffer;

/** Memory outside of the heap. */
final class Native {

    /** Frees what few have and many may use, so that nobody could say when it is over but the garbage collector. */
    private static final Cleaner CLEANER = Cleaner.create();

    /** Content on the heap is rare: answers of Sluice's own, and heads that were put together. */
    private static final ThreadLocal<ByteBuffer> SCRATCH =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(Records.MOST_CONTENT_BYTES));

    private Native() { }

    /** @param free must not know the owner */
    static void freeWith(Object owner, Runnable free) {
        CLEANER.register(owner, free);
    }

    /** Empty; for the content of one record, on its way to or from a buffer on the heap, within one call. */
    static ByteBuffer scratch() {
        return SCRATCH.get().clear();
    }

    /** Where a buffer's remaining bytes begin; for direct ones. */
    static long address(ByteBuffer buffer) {
        return ((DirectBuffer) buffer).address() + buffer.position();
    }
}
