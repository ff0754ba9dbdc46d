package io.sluice.bench.origin;

import java.nio.ByteBuffer;

/** The prepared answers to requests with one query. Owned by one event loop. */
final class Answering {

    private static final int MILLION = 1_000_000;
    private static final int SERVER_ERROR = 500;

    private final long delayNs;
    private final Response keeping;
    private final Response closing;
    private final Response keepingError;
    private final Response closingError;
    private final Share errors;
    private final Share resets;

    Answering(AnswerSpec spec, ByteBuffer block) {
        delayNs = spec.delay().toNanos();
        keeping = Response.of(spec.status(), spec.sizeBytes(), block, true);
        closing = Response.of(spec.status(), spec.sizeBytes(), block, false);
        keepingError = Response.of(SERVER_ERROR, AnswerSpec.DEFAULT.sizeBytes(), block, true);
        closingError = Response.of(SERVER_ERROR, AnswerSpec.DEFAULT.sizeBytes(), block, false);
        errors = new Share(spec.errorPpm());
        resets = new Share(spec.resetPpm());
    }

    long delayNs() {
        return delayNs;
    }

    /** Whether to reset the next request's connection. To be called once for each request. */
    boolean isResetNext() {
        return resets.isNext();
    }

    /** The response to the next request; the same object for HEAD. To be called once for each request. */
    Response next(boolean persistent) {
        if (errors.isNext()) {
            return persistent ? keepingError : closingError;
        }
        return persistent ? keeping : closing;
    }

    /** Says yes a number of times in a million, evenly spread, so that counts are predictable. */
    private static final class Share {

        private final int ppm;
        private int due;

        private Share(int ppm) {
            this.ppm = ppm;
        }

        private boolean isNext() {
            due += ppm;
            if (due < MILLION) {
                return false;
            }
            due -= MILLION;
            return true;
        }
    }
}
