package io.sluice.l7.http;

/** Parses the trailer section behind a chunked body (RFC 9112, section 7.1.2). Owned by one event loop. */
final class TrailerParser extends HeadParser {

    /** Nearly every trailer section is the empty line alone. */
    private static final int FIRST_COPY_BYTES = 64;

    TrailerParser(HttpLimits limits) {
        super(limits, FIRST_COPY_BYTES);
    }

    @Override
    Outcome startLine() {
        return startLineEnds(0);
    }

    @Override
    HttpError finish() {
        return fields().hasForbiddenTrailer() ? HttpError.FORBIDDEN_TRAILER : null;
    }
}
