package io.sluice.l7.http;

/**
 * Parses and validates response heads (RFC 9112, sections 4 and 6.3). Needs the request's method, since the response to
 * HEAD has no body and the one to CONNECT begins a tunnel.
 *
 * <pre>
 *   VERSION --SP--> STATUS --SP, or none--> REASON --CR LF--> fields
 * </pre>
 *
 * <p>As strict as {@link RequestParser}, except that it accepts a status line that ends behind the status code, which
 * real servers send. Interim responses (1xx) are heads of their own; after one, call {@link #reset()} and parse on for
 * the final response. Owned by one event loop.
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

    /** Sets the method of the requests that the next responses answer. */
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
     * The value of Content-Length in bytes, or -1 if there is none. A response to HEAD and a 304 may have a length but
     * no body: only {@link #framing()} says whether bytes follow.
     */
    public long contentLength() {
        return framingFields.contentLength();
    }

    /** Whether the connection can carry another exchange once the body has ended. */
    public boolean isPersistent() {
        return connection.isPersistent(minorVersion)
                && framing != BodyFraming.UNTIL_CLOSE && framing != BodyFraming.TUNNEL && !hasUnexpectedBody();
    }

    /** Whether Connection names a trailer of the message: then that is for this connection only. */
    public boolean namesInConnection(HeaderFields trailers, int index) {
        return connection.names(bytes(), trailers, index);
    }

    /** Refuses a whole head because its status does not fit the request, which only the caller can tell. */
    public void refuseStatus(HttpError reason) {
        assert isComplete();
        refuse(reason, HttpVersion.BYTES + 1);
    }

    /** Resumes where the bytes ran out; each part calls the next. */
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

    /** If bytes ran out, has the part, a few bytes long, read again from its start; otherwise the part is malformed. */
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

    /** Whether a body is announced where none is allowed. The server may send it, and it must not answer a request. */
    private boolean hasUnexpectedBody() {
        return neverHasBody() && status != NOT_MODIFIED
                && (contentLength() > 0 || framingFields.isChunked());
    }
}
