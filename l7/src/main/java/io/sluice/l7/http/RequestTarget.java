package io.sluice.l7.http;

/** Parses a request target into positions (RFC 9112, section 3.2). Owned by one event loop. */
final class RequestTarget {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final byte[] HTTP = Octets.ascii("http://");
    private static final byte[] HTTPS = Octets.ascii("https://");

    private final Authority authority = new Authority();
    private TargetForm form;
    private int pathOffset;
    private int pathLength;
    private int defaultPort;

    /**
     * Parses the bytes between two positions.
     *
     * @param pathEnd the position of the query's question mark, or {@code to}
     * @return whether the method allows the form, and scheme and authority are valid
     */
    boolean parse(HttpMethod method, byte[] bytes, int from, int pathEnd, int to) {
        authority.clear();
        pathOffset = from;
        pathLength = 0;
        if (method == HttpMethod.CONNECT) {
            form = TargetForm.AUTHORITY;
            boolean sound = authority.parse(bytes, from, to) && authority.port() != Authority.NO_PORT;
            defaultPort = authority.port();
            return sound;
        }
        if (bytes[from] == '/') {
            form = TargetForm.ORIGIN;
            pathLength = pathEnd - from;
            return true;
        }
        if (bytes[from] == '*' && to - from == 1) {
            form = TargetForm.ASTERISK;
            return method == HttpMethod.OPTIONS;
        }
        return parseAbsolute(bytes, from, pathEnd);
    }

    TargetForm form() {
        return form;
    }

    /** The authority of an absolute or authority form; an empty one otherwise. */
    Authority authority() {
        return authority;
    }

    int pathOffset() {
        return pathOffset;
    }

    int pathLength() {
        return pathLength;
    }

    /** Whether Host names another authority than the target; false if the target has none. */
    boolean differsFrom(Authority host) {
        return authority.hostLength() > 0 && !authority.isSame(host, defaultPort);
    }

    private boolean parseAbsolute(byte[] bytes, int from, int pathEnd) {
        form = TargetForm.ABSOLUTE;
        boolean secure = startsWith(HTTPS, bytes, from);
        if (!secure && !startsWith(HTTP, bytes, from)) {
            return false;
        }
        defaultPort = secure ? HTTPS_PORT : HTTP_PORT;
        int start = from + (secure ? HTTPS.length : HTTP.length);
        int slash = start;
        while (slash < pathEnd && bytes[slash] != '/') {
            slash++;
        }
        pathOffset = slash;
        pathLength = pathEnd - slash;
        return authority.parse(bytes, start, slash);
    }

    private static boolean startsWith(byte[] prefix, byte[] bytes, int from) {
        return Octets.isText(bytes, from, prefix.length, prefix);
    }
}
