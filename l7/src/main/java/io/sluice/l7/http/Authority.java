package io.sluice.l7.http;

/**
 * A host and an optional port as positions (RFC 3986, section 3.2; RFC 9110, section 7.2): no user information, no
 * empty host. The byte behind an authority, a slash or white space, is not allowed in a host, so it stops every scan.
 * Owned by one event loop.
 */
final class Authority {

    static final int NO_PORT = -1;

    private static final int MAX_PORT = 65_535;

    private byte[] bytes;
    private int hostOffset;
    private int hostLength;
    private int port;

    void clear() {
        hostLength = 0;
        port = NO_PORT;
    }

    /** Parses the bytes between two positions; false if they are not an authority. */
    boolean parse(byte[] array, int from, int to) {
        bytes = array;
        hostOffset = from;
        port = NO_PORT;
        int hostEnd = array[from] == '[' ? endOfIpv6(array, from) : endOfName(array, from);
        hostLength = hostEnd - from;
        return hostEnd > from && (hostEnd == to || parsePort(hostEnd, to));
    }

    int hostOffset() {
        return hostOffset;
    }

    /** With the brackets of an IPv6 address; 0 if there is no host. */
    int hostLength() {
        return hostLength;
    }

    /** The port as written, 1 to 65535, or {@link #NO_PORT}. */
    int port() {
        return port;
    }

    /** Whether both name the same host and port; a missing port means the default port. */
    boolean isSame(Authority other, int defaultPort) {
        return hostLength == other.hostLength
                && Octets.equalIgnoringCase(bytes, hostOffset, other.bytes, other.hostOffset, hostLength)
                && portOr(defaultPort) == other.portOr(defaultPort);
    }

    private int portOr(int defaultPort) {
        return port == NO_PORT ? defaultPort : port;
    }

    private boolean parsePort(int from, int to) {
        if (bytes[from] != ':') {
            return false;
        }
        int value = 0;
        for (int i = from + 1; i < to; i++) {
            if (!Octets.isDigit(bytes[i])) {
                return false;
            }
            value = value * 10 + bytes[i] - '0';
            if (value > MAX_PORT) {
                return false;
            }
        }
        // "host:" is valid and means the default port.
        boolean written = to > from + 1;
        port = written ? value : NO_PORT;
        return !written || value > 0;
    }

    /** The end of a registered name or an IPv4 address; the start if it holds a broken percent-encoding. */
    private static int endOfName(byte[] bytes, int from) {
        int end = from;
        while (Octets.is(Octets.HOST, bytes[end])) {
            if (bytes[end] == '%') {
                if (Octets.hexValue(bytes[end + 1]) < 0 || Octets.hexValue(bytes[end + 2]) < 0) {
                    return from;
                }
                end += 2;
            }
            end++;
        }
        return end;
    }

    /** The end of {@code [IPv6]}, or the start if it is malformed. */
    private static int endOfIpv6(byte[] bytes, int from) {
        int groups = 0;
        boolean compressed = false;
        int i = from + 1;
        if (bytes[i] == ':' && bytes[i + 1] == ':') {
            compressed = true;
            i += 2;
        }
        while (bytes[i] != ']') {
            int end = endOfGroup(bytes, i);
            if (bytes[end] == '.') {
                groups += 2;
                i = endOfIpv4(bytes, i);
                break;
            }
            if (end == i || end - i > 4) {
                return from;
            }
            groups++;
            i = end;
            if (bytes[i] == ':') {
                boolean second = bytes[i + 1] == ':';
                if (second && compressed || bytes[i + 1] == ']') {
                    return from;
                }
                compressed |= second;
                i += second ? 2 : 1;
            }
        }
        boolean whole = compressed ? groups < 8 : groups == 8;
        return whole && bytes[i] == ']' ? i + 1 : from;
    }

    private static int endOfGroup(byte[] bytes, int from) {
        int end = from;
        while (Octets.hexValue(bytes[end]) >= 0) {
            end++;
        }
        return end;
    }

    /** The end of four decimal numbers up to 255, or the start if there is something else. */
    private static int endOfIpv4(byte[] bytes, int from) {
        int i = from;
        for (int part = 0; part < 4; part++) {
            int start = i;
            int value = 0;
            while (Octets.isDigit(bytes[i]) && i - start < 3) {
                value = value * 10 + bytes[i++] - '0';
            }
            if (i == start || value > 255 || part < 3 && bytes[i++] != '.') {
                return from;
            }
        }
        return i;
    }
}
