package io.sluice.core.tls.boring;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import sun.nio.ch.DirectBuffer;

/** Memory outside of the heap. */
final class Native {

    /** Frees what few have and many may use, so that nobody could say when it is over but the garbage collector. */
    private static final Cleaner CLEANER = Cleaner.create();

    private Native() { }

    /** @param free must not know the owner */
    static void freeWith(Object owner, Runnable free) {
        CLEANER.register(owner, free);
    }

    /** Where a buffer's remaining bytes begin. */
    static long address(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            throw new IllegalArgumentException("BoringSSL takes direct buffers");
        }
        return ((DirectBuffer) buffer).address() + buffer.position();
    }
}
