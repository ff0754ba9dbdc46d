package io.sluice.launcher;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits with an end. */
final class Latches {

    private Latches() { }

    /** @throws IOException if the latch is not released in time, as a server's script would fail */
    static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IOException("not released in time");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
