package io.sluice.l7.http;

/**
 * Parses and validates request heads (RFC 9112, sections 3 to 7; RFC 9110, sections 7 and 10.1.1).
 *
 * <pre>
 *   EMPTY_LINES --byte--> METHOD --SP--> PATH --?--> QUERY --SP--> VERSION --CR LF--> fields
 *                                          +-------------SP----------^
 * </pre>
 *
 * <p>Stricter than the RFC, it refuses line feeds without CR, folded lines, Content-Length beside Transfer-Encoding,
 * Content-Lengths with different values, an empty Host, and a Host other than the authority in the target. More
 * lenient, it accepts a few characters that clients leave unencoded in a target, and skips up to two empty lines before
 * the request line. Owned by one event loop.
 */
public final class RequestParser extends HeadParser {

    private static final int FIRST_COPY_BYTES = 1024;
    private static final int MAX_EMPTY_LINES = 2;
    private static final int MAX_METHOD_BYTES = 32;
    private static final byte[] H2C = Octets.ascii("h2c");
    private static final byte[] CONTINUE = Octets.ascii("100-continue");
    private static final byte[] TRAILERS = Octets.ascii("trailers");

    private final RequestTarget target = new RequestTarget();
    private final Authority host = new Authority();
    private final ConnectionOptions connection = new ConnectionOptions();
    private final FramingFields framing = new FramingFields();
    private final ListElements elements = new ListElements();

    private Part part = Part.EMPTY_LINES;
    private HttpMethod method;
    private int methodOffset;
    private int methodLength;
    private int targetOffset;
    private int pathEnd;
    private int targetEnd;
    private int minorVersion;

    private enum Part { EMPTY_LINES, METHOD, PATH, QUERY, VERSION }

    public RequestParser(HttpLimits limits) {
        super(limits, FIRST_COPY_BYTES);
    }

    @Override
    public void reset() {
        super.reset();
        part = Part.EMPTY_LINES;
    }

    /** Whether the method is known, even if the rest of the request line is refused or cut. */
    public boolean hasMethod() {
        return part.compareTo(Part.METHOD) > 0;
    }

    public HttpMethod method() {
        return method;
    }

    public int methodOffset() {
        return methodOffset;
    }

    public int methodLength() {
        return methodLength;
    }

    public TargetForm targetForm() {
        return target.form();
    }

    /** The target as sent. */
    public int targetOffset() {
        return targetOffset;
    }

    public int targetLength() {
        return targetEnd - targetOffset;
    }

    /** The path, from its slash; only the origin and the absolute form have one. */
    public int pathOffset() {
        return target.pathOffset();
    }

    /** The length of the path; 0 if the target is {@code *}, an authority, or an absolute URI without a path. */
    public int pathLength() {
        return target.pathLength();
    }

    /** The query, from its question mark to the end of the target. */
    public int queryOffset() {
        return pathEnd;
    }

    /** The length of the query with its question mark; 0 without a query. */
    public int queryLength() {
        return targetEnd - pathEnd;
    }

    /** The requested host: from the target if it names one, otherwise from Host. */
    public int hostOffset() {
        return authority().hostOffset();
    }

    /** The host's length, without port, with the brackets of an IPv6 address; 0 if an HTTP/1.0 request has no host. */
    public int hostLength() {
        return authority().hostLength();
    }

    /** The port written with the host, or -1. */
    public int port() {
        return authority().port();
    }

    /** 0 or 1. */
    public int minorVersion() {
        return minorVersion;
    }

    /** Whether the client wants to send another request on this connection. */
    public boolean isPersistent() {
        return connection.isPersistent(minorVersion);
    }

    /** Whether Connection names a trailer of the message: then that is for this connection only. */
    public boolean namesInConnection(HeaderFields trailers, int index) {
        return connection.names(bytes(), trailers, index);
    }

    public BodyFraming framing() {
        if (framing.isChunked()) {
            return BodyFraming.CHUNKED;
        }
        return framing.contentLength() > 0 ? BodyFraming.LENGTH : BodyFraming.NONE;
    }

    /** The value of Content-Length in bytes, or -1 if there is none. */
    public long contentLength() {
        return framing.contentLength();
    }

    /** Whether the client may wait for 100 (Continue) before it sends the body. */
    public boolean isContinueExpected() {
        int index = fields().find(KnownField.EXPECT);
        return index != HeaderFields.NONE && minorVersion == 1 && framing() != BodyFraming.NONE
                && fields().valueIs(index, CONTINUE);
    }

    /**
     * Whether the client asks to change the protocol: Upgrade, with Connection naming it. False if it offers HTTP/2
     * among others: RFC 9113, section 3.1, has dropped that upgrade, and requests in such a tunnel would escape every
     * check.
     */
    public boolean isUpgradeWanted() {
        return minorVersion == 1 && connection.hasUpgrade() && fields().has(KnownField.UPGRADE)
                && !lists(KnownField.UPGRADE, H2C);
    }

    /** Whether the client says that it reads trailers (RFC 9110, section 10.1.4). */
    public boolean areTrailersWanted() {
        return minorVersion == 1 && lists(KnownField.TE, TRAILERS);
    }

    private boolean lists(KnownField field, byte[] lowerCaseElement) {
        elements.of(fields(), field);
        while (elements.next()) {
            if (elements.is(lowerCaseElement)) {
                return true;
            }
        }
        return false;
    }

    private Authority authority() {
        return target.authority().hostLength() > 0 ? target.authority() : host;
    }

    /** Resumes where the bytes ran out; each part calls the next. */
    @Override
    Outcome startLine() {
        return switch (part) {
            case EMPTY_LINES -> readEmptyLines(scan());
            case METHOD -> readMethod(scan());
            case PATH -> readPath(scan());
            case QUERY -> readQuery(scan());
            case VERSION -> readVersion(scan());
        };
    }

    /** Some clients send CR LF behind a body (RFC 9112, section 2.2). */
    private Outcome readEmptyLines(int from) {
        int position = from;
        while (bytes()[position] == Octets.CR) {
            Outcome outcome = lineEnd(position, HttpError.BARE_CR);
            if (outcome != Outcome.COMPLETE) {
                return outcome;
            }
            position += 2;
            if (position > 2 * MAX_EMPTY_LINES) {
                return refuse(HttpError.BAD_REQUEST_LINE, position);
            }
        }
        if (isEnd(position)) {
            return needMore(position);
        }
        methodOffset = position;
        part = Part.METHOD;
        return readMethod(position);
    }

    private Outcome readMethod(int from) {
        int end = Octets.endOf(Octets.TOKEN, bytes(), from);
        methodLength = end - methodOffset;
        if (methodLength > MAX_METHOD_BYTES) {
            return refuse(HttpError.METHOD_TOO_LONG, methodOffset + MAX_METHOD_BYTES);
        }
        if (isEnd(end)) {
            return needMore(end);
        }
        if (bytes()[end] != Octets.SP || methodLength == 0) {
            return refuse(lineBreakOr(HttpError.BAD_METHOD, end), end);
        }
        method = HttpMethod.of(bytes(), methodOffset, methodLength);
        targetOffset = end + 1;
        part = Part.PATH;
        return readPath(end + 1);
    }

    private Outcome readPath(int from) {
        int end = Octets.endOf(Octets.PATH, bytes(), from);
        pathEnd = end;
        if (bytes()[end] == '?') {
            part = Part.QUERY;
            return readQuery(end + 1);
        }
        return targetStopped(end);
    }

    private Outcome readQuery(int from) {
        return targetStopped(Octets.endOf(Octets.QUERY, bytes(), from));
    }

    private Outcome targetStopped(int end) {
        if (end - targetOffset > limits().uriBytes()) {
            return refuse(HttpError.URI_TOO_LONG, targetOffset + limits().uriBytes());
        }
        if (isEnd(end)) {
            return needMore(end);
        }
        if (bytes()[end] == '#') {
            return refuse(HttpError.FRAGMENT_IN_TARGET, end);
        }
        if (bytes()[end] != Octets.SP) {
            return refuse(lineBreakOr(HttpError.BAD_TARGET, end), end);
        }
        targetEnd = end;
        part = Part.VERSION;
        return readVersion(end + 1);
    }

    private HttpError lineBreakOr(HttpError otherwise, int position) {
        byte octet = bytes()[position];
        return octet == Octets.CR || octet == Octets.LF ? HttpError.BAD_REQUEST_LINE : otherwise;
    }

    private Outcome readVersion(int from) {
        minorVersion = HttpVersion.minorAt(bytes(), from);
        if (minorVersion == HttpVersion.MALFORMED) {
            int mismatch = HttpVersion.mismatch(bytes(), from);
            return isEnd(mismatch) ? needMore(from) : refuse(HttpError.BAD_REQUEST_LINE, mismatch);
        }
        if (minorVersion == HttpVersion.UNSUPPORTED) {
            return refuse(HttpError.UNSUPPORTED_VERSION, from);
        }
        Outcome outcome = lineEnd(from + HttpVersion.BYTES, HttpError.BAD_REQUEST_LINE);
        if (outcome == Outcome.INCOMPLETE) {
            return needMore(from);
        }
        if (outcome == Outcome.REFUSED) {
            return outcome;
        }
        if (!target.parse(method, bytes(), targetOffset, pathEnd, targetEnd)) {
            return refuse(HttpError.BAD_TARGET_FORM, targetOffset);
        }
        return startLineEnds(from + HttpVersion.BYTES + 2);
    }

    @Override
    HttpError finish() {
        HeaderFields fields = fields();
        HttpError fault = connection.read(fields);
        if (fault == null) {
            fault = framing.read(fields, minorVersion);
        }
        return fault == null ? readHost(fields) : fault;
    }

    private HttpError readHost(HeaderFields fields) {
        int index = fields.find(KnownField.HOST);
        if (index == HeaderFields.NONE) {
            host.clear();
            return minorVersion == 1 ? HttpError.MISSING_HOST : null;
        }
        if (fields.isRepeated(KnownField.HOST)) {
            return HttpError.REPEATED_HOST;
        }
        int offset = fields.valueOffset(index);
        if (!host.parse(bytes(), offset, offset + fields.valueLength(index))) {
            return HttpError.BAD_HOST;
        }
        return target.differsFrom(host) ? HttpError.HOST_DIFFERS_FROM_TARGET : null;
    }
}
