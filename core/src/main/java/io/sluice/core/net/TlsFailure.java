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
    /** The peer has ended or reset the connection. */
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
        if (text.contains("_ALERT_") || text.contains("fatal alert")) {
            return ALERT;
        }
        if (text.contains("(unrecognized_name)")) {
            return NAME;
        }
        if (failure.getCause() instanceof CertificateException
                || text.contains("CERTIFICATE") || text.contains("certificate")) {
            return CERTIFICATE;
        }
        if (text.contains("UNSUPPORTED_PROTOCOL") || text.contains("(protocol_version)")) {
            return VERSION;
        }
        boolean lacksCommon = text.contains("NO_SHARED_") || text.contains("NO_COMMON_")
                || text.contains("(handshake_failure)");
        return lacksCommon ? CIPHER : MALFORMED;
    }
}
