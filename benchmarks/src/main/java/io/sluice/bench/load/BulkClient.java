package io.sluice.bench.load;

import io.sluice.core.net.Connection;
import java.nio.ByteBuffer;

/**
 * Sends, receives or does both as fast as possible, and counts bytes during the measurement.
 *
 * <pre>
 *   RESTING --start or tick--> CONNECTING --connected--> FLOWING
 *   CONNECTING or FLOWING --failed--> RESTING          any --the time is over--> DONE
 * </pre>
 *
 * <p>Owned by one event loop.
 */
final class BulkClient extends Client {

    /** The most full buffers in a row before other connections get their turn. */
    private static final int MOST_IN_A_ROW = 8;

    private final ByteBuffer sent;
    private final Mode mode;
    private final long fromNs;
    private final long endNs;
    private long connectingSinceNs;
    private State state = State.RESTING;

    private enum State { RESTING, CONNECTING, FLOWING, DONE }

    /** @param sent the bytes to send, a direct buffer whose position belongs to this client */
    BulkClient(LoadThread thread, Span span, ByteBuffer sent) {
        super(thread);
        this.sent = sent;
        mode = thread.target().mode();
        fromNs = span.warmUp().toNanos();
        endNs = span.endNs();
    }

    @Override
    void start() {
        connectingSinceNs = thread.nowNs();
        state = State.CONNECTING;
        connect();
    }

    @Override
    void onTick(long nowNs) {
        if (state == State.DONE) {
            return;
        }
        if (nowNs >= endNs) {
            stop();
        } else if (state == State.RESTING) {
            start();
        } else if (state == State.CONNECTING && nowNs - connectingSinceNs > thread.timeoutNs()) {
            fail(Failure.TIMEOUT);
        }
    }

    @Override
    void stop() {
        if (state != State.DONE) {
            state = State.DONE;
            close();
            thread.onDone();
        }
    }

    @Override
    void onConnected() {
        state = State.FLOWING;
        sent.clear();
        connection().wantWrite(mode.sends());
    }

    @Override
    void onConnectFailed() {
        fail(Failure.CONNECT);
    }

    @Override
    void onReadable() {
        ByteBuffer in = thread.readBuffer();
        int count = in.capacity();
        for (int i = 0; i < MOST_IN_A_ROW && count == in.capacity(); i++) {
            count = connection().read(in.clear());
            count(count);
        }
        if (count < 0) {
            fail(Failure.CLOSED);
        }
    }

    @Override
    void onWritable() {
        for (int i = 0; i < MOST_IN_A_ROW; i++) {
            int count = connection().write(sent.clear());
            if (count == Connection.ABORTED) {
                fail(Failure.CLOSED);
                return;
            }
            count(count);
            if (sent.hasRemaining()) {
                return;
            }
        }
    }

    private void count(int bytes) {
        if (bytes > 0 && isMeasuring()) {
            thread.tally().add(Tally.Count.BYTES, bytes);
        }
    }

    private void fail(Failure failure) {
        if (isMeasuring()) {
            thread.tally().add(failure);
        }
        close();
        state = State.RESTING;
    }

    private boolean isMeasuring() {
        long nowNs = thread.cycleNs();
        return nowNs >= fromNs && nowNs < endNs;
    }
}
