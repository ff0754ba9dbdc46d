package io.sluice.l7.http;

import java.util.Locale;

/**
 * Why a message was refused: one constant for each reason, so that each can be counted and shown to operators.
 * Immutable.
 *
 * <p>A refused request is answered with {@link #status()}, and its connection is closed, because nobody knows where the
 * next message would begin. For a refused response, the client gets 502, whatever the status here, and the server's
 * connection is never reused.
 */
public enum HttpError {

    BAD_REQUEST_LINE(400, "The request line is not a method, a target and a version with one space between each."),
    BAD_METHOD(400, "The method is empty or holds a byte that a token cannot hold."),
    METHOD_TOO_LONG(501, "The method is longer than any that is in use."),
    BAD_TARGET(400, "The request target is empty or holds a byte that a URI cannot hold."),
    FRAGMENT_IN_TARGET(400, "The request target holds a fragment, which clients must keep to themselves."),
    BAD_TARGET_FORM(400, "The request target has a form that the method does not allow, or a bad scheme or authority."),
    URI_TOO_LONG(414, "The request target is longer than the limit."),
    UNSUPPORTED_VERSION(505, "The message is not of HTTP/1."),
    BAD_STATUS_LINE(502, "The status line is not a version, three digits and a reason with one space between each."),
    UNEXPECTED_UPGRADE(502, "A 101 answers a request that asks for no upgrade, or whose body has not been sent yet."),

    HEAD_TOO_LARGE(431, "The message head, or the trailer section, is larger than the limit."),
    TOO_MANY_FIELDS(431, "The message head, or the trailer section, has more fields than the limit."),
    BARE_CR(400, "A carriage return is not followed by a line feed."),
    BARE_LF(400, "A line ends in a line feed without a carriage return."),
    OBS_FOLD(400, "A field line begins with white space: the obsolete continuation of the line before."),
    MISSING_COLON(400, "A field line has no colon."),
    EMPTY_FIELD_NAME(400, "A field line begins with its colon."),
    SPACE_BEFORE_COLON(400, "White space stands in a field name or between it and the colon."),
    BAD_FIELD_NAME(400, "A field name holds a byte that a token cannot hold."),
    CONTROL_IN_VALUE(400, "A field value or a reason phrase holds a control byte such as NUL."),

    MISSING_HOST(400, "An HTTP/1.1 request has no Host."),
    REPEATED_HOST(400, "A request has more than one Host."),
    BAD_HOST(400, "Host is not a host name or an address with an optional port."),
    HOST_DIFFERS_FROM_TARGET(400, "Host names another authority than the request target."),

    BAD_CONTENT_LENGTH(400, "Content-Length is not a number of decimal digits that fits 63 bits."),
    DIFFERING_CONTENT_LENGTH(400, "Content-Length is given more than once, with differing values."),
    LENGTH_AND_TRANSFER_ENCODING(400, "Both Content-Length and Transfer-Encoding are given."),
    BAD_TRANSFER_ENCODING(400, "Transfer-Encoding is malformed, or chunked is not its last coding, once."),
    UNKNOWN_TRANSFER_ENCODING(501, "Transfer-Encoding names a coding other than chunked."),
    TRANSFER_ENCODING_IN_HTTP_1_0(400, "An HTTP/1.0 message has a Transfer-Encoding."),
    BODY_TOO_LARGE(413, "The body is larger than the limit."),

    BAD_CONNECTION(400, "Connection is not a list of tokens, or names more fields than the bound."),
    CONNECTION_NAMES_FRAMING(400, "Connection names a field that frames or routes the message."),

    BAD_CHUNK_SIZE(400, "A chunk size is not 1 to 16 hexadecimal digits that fit 63 bits."),
    BAD_CHUNK_EXTENSION(400, "A chunk extension has no name or holds a control byte."),
    CHUNK_EXTENSION_TOO_LONG(400, "A chunk extension is longer than the bound."),
    BAD_CHUNK_END(400, "The data of a chunk is not followed by a line end."),
    FORBIDDEN_TRAILER(400, "A trailer field would change framing, routing, authentication or trust after the fact."),

    BAD_PERCENT_ENCODING(400, "A percent sign in the path is not followed by two hexadecimal digits."),
    ENCODED_NUL(400, "The path holds an encoded NUL."),
    PATH_ABOVE_ROOT(400, "The path climbs above its root.");

    private final int status;
    private final String reason;
    private final String sentence;

    HttpError(int status, String sentence) {
        this.status = status;
        this.reason = name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.sentence = sentence;
    }

    /** The status code of the answer to a request refused for this reason. */
    public int status() {
        return status;
    }

    /** The stable name that logs and counters use, such as {@code bare-lf}. */
    public String reason() {
        return reason;
    }

    /** One sentence for people. */
    public String sentence() {
        return sentence;
    }
}
