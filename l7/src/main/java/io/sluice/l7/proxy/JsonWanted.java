package io.sluice.l7.proxy;

import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.KnownField;
import io.sluice.l7.http.LastElements;

/**
 * Whether a client prefers an error answer in JSON to one in HTML: what Accept gives the highest weight, and of equal
 * weights what it names first (RFC 9110, section 12.5.1). A range with an asterisk means HTML.
 */
final class JsonWanted {

    private static final byte[] JSON = Ascii.bytes("json");
    private static final byte[] HTML = Ascii.bytes("html");
    private static final byte[] ANY = Ascii.bytes("*");
    private static final int FULL_WEIGHT = 1000;
    /** A weight of 0 refuses a type. */
    private static final int LEAST_WEIGHT = 1;

    private JsonWanted() { }

    static boolean by(HeaderFields fields) {
        LastElements ranges = new LastElements();
        ranges.of(fields, KnownField.ACCEPT);
        boolean isWanted = false;
        int highest = LEAST_WEIGHT;
        while (ranges.next()) {
            int weight = weight(ranges);
            boolean isJson = has(JSON, ranges);
            if (weight >= highest && (isJson || has(HTML, ranges) || has(ANY, ranges))) {
                highest = weight;
                isWanted = isJson;
            }
        }
        return isWanted;
    }

    /** In thousandths: of the last parameter, if that is {@code q}. */
    private static int weight(LastElements range) {
        byte[] bytes = range.bytes();
        int end = range.offset() + range.length();
        int start = end;
        while (start > range.offset() && bytes[start - 1] != ';') {
            start--;
        }
        while (start < end && (bytes[start] == ' ' || bytes[start] == '\t')) {
            start++;
        }
        if (end - start < 2 || (bytes[start] | 0x20) != 'q' || bytes[start + 1] != '=') {
            return FULL_WEIGHT;
        }
        int weight = 0;
        int unit = FULL_WEIGHT;
        for (int i = start + 2; i < end; i++) {
            if (bytes[i] != '.') {
                weight += (bytes[i] - '0') * unit;
                unit /= 10;
            }
        }
        return weight;
    }

    private static boolean has(byte[] word, LastElements range) {
        int last = range.offset() + range.length() - word.length;
        for (int i = range.offset(); i <= last; i++) {
            if (isAt(word, range.bytes(), i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(byte[] word, byte[] bytes, int position) {
        for (int i = 0; i < word.length; i++) {
            if ((bytes[position + i] | 0x20) != word[i]) {
                return false;
            }
        }
        return true;
    }
}
