package io.sluice.l7.proxy;

import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.KnownField;

/**
 * Whether a request authenticates its whole connection and not only itself, as NTLM does and Negotiate may (RFC 4559,
 * section 6). The server may then take later requests on that connection for the same user's, so the connection must
 * not serve other clients. Safe from any thread.
 */
final class ConnectionAuthentication {

    private static final byte[] NTLM = Ascii.bytes("ntlm");
    private static final byte[] NEGOTIATE = Ascii.bytes("negotiate");

    private ConnectionAuthentication() { }

    static boolean isIn(HeaderFields fields) {
        return isIn(fields, KnownField.AUTHORIZATION) || isIn(fields, KnownField.PROXY_AUTHORIZATION);
    }

    private static boolean isIn(HeaderFields fields, KnownField field) {
        for (int i = fields.find(field); i != HeaderFields.NONE; i = fields.findNext(field, i)) {
            if (isScheme(NTLM, fields, i) || isScheme(NEGOTIATE, fields, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isScheme(byte[] scheme, HeaderFields fields, int index) {
        int length = fields.valueLength(index);
        int offset = fields.valueOffset(index);
        if (length < scheme.length || length > scheme.length && fields.bytes()[offset + scheme.length] > ' ') {
            return false;
        }
        for (int i = 0; i < scheme.length; i++) {
            if ((fields.bytes()[offset + i] | 0x20) != scheme[i]) {
                return false;
            }
        }
        return true;
    }
}
