package io.sluice.l7.proxy;

import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.HttpMethod;
import io.sluice.l7.http.KnownField;
import io.sluice.l7.http.RequestParser;

/** Reads Max-Forwards (RFC 9110, section 7.6.2). Safe from any thread. */
final class HopCount {

    /** Without a limit. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int MOST_DIGITS = 9;

    private HopCount() { }

    /** Whether the proxies on the way of such requests are counted. */
    static boolean isFor(HttpMethod method) {
        return method == HttpMethod.TRACE || method == HttpMethod.OPTIONS;
    }

    /** How many more proxies a request may pass; {@link #UNLIMITED} also if the value is malformed or over 9 digits. */
    static int of(RequestParser head) {
        HeaderFields fields = head.fields();
        int index = isFor(head.method()) ? fields.find(KnownField.MAX_FORWARDS) : HeaderFields.NONE;
        if (index == HeaderFields.NONE || fields.valueLength(index) == 0 || fields.valueLength(index) > MOST_DIGITS) {
            return UNLIMITED;
        }
        int value = 0;
        for (int i = 0; i < fields.valueLength(index); i++) {
            int digit = fields.bytes()[fields.valueOffset(index) + i] - '0';
            if (digit < 0 || digit > 9) {
                return UNLIMITED;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
