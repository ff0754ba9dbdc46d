package io.sluice.core.tls.boring;

import io.netty.internal.tcnative.CertificateVerifier;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.PKIXReason;

/** Maps the refusal of a certificate to the code by which the library chooses the alert (RFC 8446, section 6.2). */
final class VerifyCode {

    /** bad_certificate. */
    private static final int BAD = CertificateVerifier.X509_V_ERR_CERT_REJECTED;
    /** certificate_expired. */
    private static final int EXPIRED = CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
    /** certificate_revoked. */
    private static final int REVOKED = CertificateVerifier.X509_V_ERR_CERT_REVOKED;
    /** unknown_ca. */
    private static final int UNKNOWN_CA = CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;

    private VerifyCode() { }

    /** The code for a refusal: that of the deepest cause with a specific code. */
    static int of(Throwable refusal) {
        int code = BAD;
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            int next = switch (cause) {
                case CertificateExpiredException _ -> EXPIRED;
                case CertificateRevokedException _ -> REVOKED;
                case CertPathValidatorException path -> ofReason(path.getReason());
                case CertPathBuilderException _ -> UNKNOWN_CA;
                default -> BAD;
            };
            code = next == BAD ? code : next;
        }
        return code;
    }

    /** A signature that does not match is that of another authority with the same name. */
    private static int ofReason(Reason reason) {
        if (reason == BasicReason.EXPIRED) {
            return EXPIRED;
        }
        if (reason == BasicReason.REVOKED) {
            return REVOKED;
        }
        return reason == PKIXReason.NO_TRUST_ANCHOR || reason == BasicReason.INVALID_SIGNATURE ? UNKNOWN_CA : BAD;
    }
}
