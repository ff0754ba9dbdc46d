package io.sluice.l7.http;

/**
 * Brings a path into the normal form in which it is matched and forwarded (RFC 3986, sections 5.2.4 and 6.2.2):
 * unreserved characters decoded, other percent-encodings in upper case, dot segments removed, repeated slashes merged
 * if configured. An encoded slash or backslash stays encoded: decoding it would name another resource. Owned by one
 * event loop.
 */
public final class PathNormalizer {

    /** The path was in normal form; nothing was written. */
    public static final int ALREADY_NORMAL = -1;
    /** The path must not be acted on; {@link #error()} says why. */
    public static final int REFUSED = -2;

    private static final byte[] HEX_DIGITS = Octets.ascii("0123456789ABCDEF");
    private static final int ENCODED_BYTES = 3;

    private final boolean slashesMerged;
    private HttpError error;
    private int faultPosition;

    public PathNormalizer(boolean slashesMerged) {
        this.slashesMerged = slashesMerged;
    }

    /**
     * Writes the normal form of a path, unless the path is already in that form. It is never longer than the path.
     *
     * @param path   the array with the path, which begins with a slash
     * @param target takes the normal form, from its start; may be the same array
     * @return bytes written, or {@link #ALREADY_NORMAL} or {@link #REFUSED}
     */
    public int normalize(byte[] path, int offset, int length, byte[] target) {
        assert length > 0 && path[offset] == '/';
        error = null;
        int end = offset + length;
        if (isNormal(path, offset, end)) {
            return ALREADY_NORMAL;
        }
        int written = rewrite(path, offset, end, target);
        return error == null ? written : REFUSED;
    }

    /** Why the path was refused; null if it was not. */
    public HttpError error() {
        return error;
    }

    /** The position of the fault in a refused path: a percent sign or a segment of two dots. */
    public int faultPosition() {
        return faultPosition;
    }

    private boolean isNormal(byte[] path, int offset, int end) {
        for (int i = offset; i < end; i++) {
            byte octet = path[i];
            if (octet == '/' && !isNormalSlash(path, i, end) || octet == '%' && !isNormalEncoding(path, i, end)) {
                return false;
            }
        }
        return true;
    }

    private boolean isNormalSlash(byte[] path, int slash, int end) {
        int next = slash + 1;
        if (next == end) {
            return true;
        }
        if (path[next] == '/') {
            return !slashesMerged;
        }
        if (path[next] != '.') {
            return true;
        }
        int behind = next + 1 < end && path[next + 1] == '.' ? next + 2 : next + 1;
        return behind < end && path[behind] != '/';
    }

    private static boolean isNormalEncoding(byte[] path, int percent, int end) {
        int octet = decode(path, percent, end);
        return octet > 0 && !Octets.is(Octets.UNRESERVED, (byte) octet)
                && path[percent + 1] < 'a' && path[percent + 2] < 'a';
    }

    /** Works segment by segment; before each, the bytes written are in normal form and end before a slash. */
    private int rewrite(byte[] path, int offset, int end, byte[] target) {
        int in = offset;
        int out = 0;
        while (in < end && error == null) {
            in++;
            boolean slashFollows = in < end && path[in] == '/';
            if (slashFollows && slashesMerged) {
                continue;
            }
            int segmentEnd = in;
            while (segmentEnd < end && path[segmentEnd] != '/') {
                segmentEnd++;
            }
            target[out++] = '/';
            faultPosition = in;
            int outEnd = copySegment(path, in, segmentEnd, target, out);
            out = removeDots(target, out, outEnd, segmentEnd == end);
            in = segmentEnd;
        }
        return out;
    }

    private int copySegment(byte[] path, int from, int to, byte[] target, int start) {
        int out = start;
        int in = from;
        while (in < to) {
            if (path[in] != '%') {
                target[out++] = path[in++];
                continue;
            }
            int octet = decode(path, in, to);
            if (octet <= 0) {
                faultPosition = in;
                error = octet == 0 ? HttpError.ENCODED_NUL : HttpError.BAD_PERCENT_ENCODING;
                return out;
            }
            in += ENCODED_BYTES;
            out = writeOctet(octet, target, out);
        }
        return out;
    }

    private static int writeOctet(int octet, byte[] target, int out) {
        if (Octets.is(Octets.UNRESERVED, (byte) octet)) {
            target[out] = (byte) octet;
            return out + 1;
        }
        target[out] = '%';
        target[out + 1] = HEX_DIGITS[octet >>> 4];
        target[out + 2] = HEX_DIGITS[octet & 0xf];
        return out + ENCODED_BYTES;
    }

    /** Where writing continues after a segment: behind it, or further back if it consists of dots. */
    private int removeDots(byte[] target, int segment, int segmentEnd, boolean last) {
        int length = segmentEnd - segment;
        boolean dots = length > 0 && length <= 2 && target[segment] == '.' && target[segmentEnd - 1] == '.';
        if (!dots) {
            return segmentEnd;
        }
        int slash = segment - 1;
        if (length == 2) {
            do {
                slash--;
            } while (slash >= 0 && target[slash] != '/');
            if (slash < 0) {
                error = HttpError.PATH_ABOVE_ROOT;
                return 0;
            }
        }
        // The slash of a removed segment at the end of the path stays: "/a/.." is "/", not nothing.
        return last ? slash + 1 : slash;
    }

    /** The byte encoded at the percent sign; negative if the encoding is malformed. */
    private static int decode(byte[] path, int percent, int end) {
        if (end - percent < ENCODED_BYTES) {
            return -1;
        }
        return Octets.hexValue(path[percent + 1]) << 4 | Octets.hexValue(path[percent + 2]);
    }
}
