package io.sluice.l7.http;

/**
 * Reads Content-Length and Transfer-Encoding (RFC 9112, sections 6.1 to 6.3) without any leniency: request smuggling
 * needs two readers that disagree on them. Equal values of Content-Length, in one field or in several, count as one.
 * Owned by one event loop.
 */
final class FramingFields {

    private static final byte[] CHUNKED = Octets.ascii("chunked");
    private static final int ABSENT = -1;
    private static final int MALFORMED = -2;

    private final ListElements elements = new ListElements();
    private long contentLength;
    private boolean chunked;

    /** Reads the fields of a message of HTTP/1.{@code minorVersion}; null if they are sound. */
    HttpError read(HeaderFields fields, int minorVersion) {
        contentLength = ABSENT;
        chunked = false;
        boolean hasEncoding = fields.has(KnownField.TRANSFER_ENCODING);
        if (!fields.has(KnownField.CONTENT_LENGTH)) {
            return hasEncoding ? readTransferEncoding(fields, minorVersion) : null;
        }
        return hasEncoding ? HttpError.LENGTH_AND_TRANSFER_ENCODING : readContentLength(fields);
    }

    /** The value of Content-Length in bytes, or -1 if there is none. */
    long contentLength() {
        return contentLength;
    }

    boolean isChunked() {
        return chunked;
    }

    private HttpError readContentLength(HeaderFields fields) {
        elements.of(fields, KnownField.CONTENT_LENGTH);
        while (elements.next()) {
            long value = decimal(elements.bytes(), elements.offset(), elements.length());
            if (value == MALFORMED) {
                return HttpError.BAD_CONTENT_LENGTH;
            }
            if (contentLength != ABSENT && contentLength != value) {
                return HttpError.DIFFERING_CONTENT_LENGTH;
            }
            contentLength = value;
        }
        return null;
    }

    private static long decimal(byte[] bytes, int offset, int length) {
        long value = 0;
        for (int i = offset; i < offset + length; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return MALFORMED;
            }
            value = value * 10 + digit;
        }
        return length == 0 ? MALFORMED : value;
    }

    private HttpError readTransferEncoding(HeaderFields fields, int minorVersion) {
        if (minorVersion == 0) {
            return HttpError.TRANSFER_ENCODING_IN_HTTP_1_0;
        }
        boolean unknown = false;
        elements.of(fields, KnownField.TRANSFER_ENCODING);
        while (elements.next()) {
            if (chunked || !elements.isToken()) {
                return HttpError.BAD_TRANSFER_ENCODING;
            }
            chunked = elements.is(CHUNKED);
            unknown |= !chunked;
        }
        return unknown ? HttpError.UNKNOWN_TRANSFER_ENCODING : null;
    }
}
