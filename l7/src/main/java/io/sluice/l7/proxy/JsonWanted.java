package io.sluice.l7.proxy;

import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.KnownField;

/** Whether a client prefers an error answer in JSON to one in HTML: the one that Accept names first wins. */
final class JsonWanted {

    private static final byte[] JSON = Ascii.bytes("json");
    private static final byte[] HTML = Ascii.bytes("html");

    private JsonWanted() { }

    static boolean by(HeaderFields fields) {
        int index = fields.find(KnownField.ACCEPT);
        if (index == HeaderFields.NONE) {
            return false;
        }
        int start = fields.valueOffset(index);
        int end = start + fields.valueLength(index);
        for (int i = start; i + JSON.length <= end; i++) {
            if (isAt(JSON, fields.bytes(), i)) {
                return true;
            }
            if (isAt(HTML, fields.bytes(), i)) {
                return false;
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
