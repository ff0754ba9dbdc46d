package io.sluice.core.net;

import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** Why a TLS handshake failed. */
public enum TlsFailure {

    /** The first bytes are not TLS. They were read; apart from that the connection is unchanged. */
    NOT_TLS("not-tls"),
    /** The peer has sent an alert: it refuses this side, usually its certificate. */
    ALERT("tls-alert"),
    /** The sides have no version in common. */
    VERSION("tls-version"),
    /** The sides have no cipher, no group or no kind of signature in common. */
    CIPHER("tls-cipher"),
    /** No certificate has the name that the client asks for. */
    NAME("tls-name"),
    /** The peer has shown no certificate, or one that is not accepted. */
    CERTIFICATE("tls-certificate"),
    /** Any other violation of the protocol. */
    MALFORMED("tls-malformed"),
    LATE(null),
    /** The peer has ended or reset the connection, with or without saying so. */
    GONE(null),
    /** A bug. */
    FAILED(null);

    private final String refusal;

    TlsFailure(String refusal) {
        this.refusal = refusal;
    }

    /** The name in metrics and logs; null if neither side has refused the other. */
    public String refusal() {
        return refusal;
    }

    /** What an engine means by an exception. Its text is all that BoringSSL and the JDK tell, in their own words. */
    public static TlsFailure of(SSLException failure) {
        String text = String.valueOf(failure.getMessage());
        if (has(text, "CLOSE_NOTIFY", "close_notify", "USER_CANCEL", "user_cancel")) {
            return GONE;
        }
        if (has(text, "_ALERT_", "fatal alert")) {
            return ALERT;
        }
        if (text.contains("(unrecognized_name)")) {
            return NAME;
        }
        if (failure.getCause() instanceof CertificateException || has(text, "CERTIFICATE", "certificate")) {
            return CERTIFICATE;
        }
        if (has(text, "UNSUPPORTED_PROTOCOL", "(protocol_version)")) {
            return VERSION;
        }
        boolean lacksCommon =
                has(text, "NO_SHARED_", "NO_COMMON_", "WRONG_CURVE", "(handshake_failure)", ") No supported ");
        return lacksCommon ? CIPHER : MALFORMED;
    }

    private static boolean has(String text, String... words) {
        for (String word : words) {
            if (text.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
