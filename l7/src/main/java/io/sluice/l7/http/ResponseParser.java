package io.sluice.l7.http;

/**
 * Takes response heads out of read buffers and judges them (RFC 9112, sections 4 and 6.3). A parser is told which
 * request it reads the answer of, since the answer to HEAD has no body and the one to CONNECT begins a tunnel.
 *
 * <p>As strict as {@link RequestParser}, but for a status line that ends behind its status code, which real servers
 * send. Interim responses (1xx) come out as heads of their own; call {@link #reset()} and parse on for the final one.
 * Owned by one event loop.
 */
public final class ResponseParser extends HeadParser {

    private static final int FIRST_COPY_BYTES = 1024;
    private static final int STATUS_BYTES = 3;
    private static final int MIN_STATUS = 100;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final ConnectionOptions connection = new ConnectionOptions();
    private final FramingFields framingFields = new FramingFields();

    private HttpMethod requestMethod = HttpMethod.OTHER;
    private Part part = Part.VERSION;
    private int minorVersion;
    private int status;
    private int reasonOffset;
    private int reasonLength;
    private BodyFraming framing;

    private enum Part { VERSION, STATUS, REASON }

    public ResponseParser(HttpLimits limits) {
        super(limits, FIRST_COPY_BYTES);
    }

    /** Says which method the response will answer; holds until said again. */
    public void answers(HttpMethod method) {
        requestMethod = method;
    }

    @Override
    public void reset() {
        super.reset();
        part = Part.VERSION;
    }

    /** 0 or 1. */
    public int minorVersion() {
        return minorVersion;
    }

    /** 100 to 999. */
    public int status() {
        return status;
    }

    /** Whether another response to the same request follows: 1xx but for 101. */
    public boolean isInterim() {
        return status < 200 && status != SWITCHING_PROTOCOLS;
    }

    public int reasonOffset() {
        return reasonOffset;
    }

    public int reasonLength() {
        return reasonLength;
    }

    public BodyFraming framing() {
        return framing;
    }

    /**
     * What Content-Length tells, or -1 without one. The answer to HEAD and a 304 may have one and no body: only
     * {@link #framing()} says whether bytes follow.
     */
    public long contentLength() {
        return framingFields.contentLength();
    }

    /** Whether the connection can carry another exchange once the body has ended. */
    public boolean isPersistent() {
        return connection.isPersistent(minorVersion)
                && framing != BodyFraming.UNTIL_CLOSE && framing != BodyFraming.TUNNEL && !hasUnexpectedBody();
    }

    /** Enters where the bytes ran out; each part goes straight on to the next. */
    @Override
    Outcome startLine() {
        return switch (part) {
            case VERSION -> readVersion();
            case STATUS -> readStatus(scan());
            case REASON -> readReason(scan());
        };
    }

    private Outcome readVersion() {
        minorVersion = HttpVersion.minorAt(bytes(), 0);
        if (minorVersion == HttpVersion.MALFORMED) {
            return stopped(0, HttpVersion.mismatch(bytes(), 0));
        }
        if (minorVersion == HttpVersion.UNSUPPORTED) {
            return refuse(HttpError.UNSUPPORTED_VERSION, 0);
        }
        part = Part.STATUS;
        return readStatus(HttpVersion.BYTES);
    }

    private Outcome readStatus(int from) {
        if (bytes()[from] != Octets.SP) {
            return stopped(from, from);
        }
        int value = 0;
        int position = from + 1;
        for (; position <= from + STATUS_BYTES; position++) {
            if (!Octets.isDigit(bytes()[position])) {
                return stopped(from, position);
            }
            value = value * 10 + bytes()[position] - '0';
        }
        byte next = bytes()[position];
        if (value < MIN_STATUS || next != Octets.SP && next != Octets.CR && next != Octets.LF) {
            return stopped(from, position);
        }
        status = value;
        reasonOffset = next == Octets.SP ? position + 1 : position;
        part = Part.REASON;
        return readReason(reasonOffset);
    }

    private Outcome readReason(int from) {
        int end = Octets.endOfValue(bytes(), from);
        Outcome outcome = lineEnd(end, HttpError.CONTROL_IN_VALUE);
        if (outcome != Outcome.COMPLETE) {
            return outcome;
        }
        reasonLength = end - reasonOffset;
        return startLineEnds(end + 2);
    }

    /** Either bytes ran out, then the part, a few bytes long, is read again from its begin, or it is malformed. */
    private Outcome stopped(int from, int position) {
        return isEnd(position) ? needMore(from) : refuse(HttpError.BAD_STATUS_LINE, position);
    }

    @Override
    HttpError finish() {
        HttpError fault = connection.read(fields());
        if (fault == null) {
            fault = framingFields.read(fields(), minorVersion);
        }
        if (fault == null) {
            framing = framingOfBody();
        }
        return fault;
    }

    /** In the order of RFC 9112, section 6.3. */
    private BodyFraming framingOfBody() {
        if (status == SWITCHING_PROTOCOLS || requestMethod == HttpMethod.CONNECT && status / 100 == 2) {
            return BodyFraming.TUNNEL;
        }
        if (neverHasBody() || requestMethod == HttpMethod.HEAD) {
            return BodyFraming.NONE;
        }
        if (framingFields.isChunked()) {
            return BodyFraming.CHUNKED;
        }
        if (contentLength() < 0) {
            return BodyFraming.UNTIL_CLOSE;
        }
        return contentLength() > 0 ? BodyFraming.LENGTH : BodyFraming.NONE;
    }

    private boolean neverHasBody() {
        return status < 200 || status == NO_CONTENT || status == NOT_MODIFIED;
    }

    /** A server that announces a body where none can be may well send it: its bytes must not meet another request. */
    private boolean hasUnexpectedBody() {
        return neverHasBody() && status != NOT_MODIFIED
                && (contentLength() > 0 || framingFields.isChunked());
    }
}
