package io.sluice.core.tls.boring;

import io.netty.internal.tcnative.CertificateVerifier;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.PKIXReason;

/** Why a certificate was refused, as the peer is to be told by an alert (RFC 8446, section 6.2). */
final class Refusal {

    private Refusal() { }

    /** The library's name for it, out of which it makes the alert. */
    static int code(Throwable refusal) {
        int code = CertificateVerifier.X509_V_ERR_UNSPECIFIED;
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            int next = own(cause);
            code = next == CertificateVerifier.X509_V_ERR_UNSPECIFIED ? code : next;
        }
        return code;
    }

    private static int own(Throwable cause) {
        return switch (cause) {
            case CertificateExpiredException _ -> CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
            case CertificateNotYetValidException _ -> CertificateVerifier.X509_V_ERR_CERT_NOT_YET_VALID;
            case CertificateRevokedException _ -> CertificateVerifier.X509_V_ERR_CERT_REVOKED;
            case CertPathValidatorException path -> ofReason(path.getReason());
            case CertPathBuilderException _ -> CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
            default -> CertificateVerifier.X509_V_ERR_UNSPECIFIED;
        };
    }

    private static int ofReason(CertPathValidatorException.Reason reason) {
        if (reason == BasicReason.EXPIRED) {
            return CertificateVerifier.X509_V_ERR_CERT_HAS_EXPIRED;
        }
        if (reason == BasicReason.REVOKED) {
            return CertificateVerifier.X509_V_ERR_CERT_REVOKED;
        }
        if (reason == PKIXReason.NO_TRUST_ANCHOR) {
            return CertificateVerifier.X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
        }
        return CertificateVerifier.X509_V_ERR_UNSPECIFIED;
    }
}
