package io.sluice.config;

import java.util.Arrays;
import java.util.List;

/**
 * The ciphers of TLS 1.2 that may be configured, by their IANA names. All have forward secrecy. TLS 1.3 has ciphers of
 * its own, none of which is weak.
 */
public enum CipherSuite {
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256("ECDHE-ECDSA-AES128-GCM-SHA256"),
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256("ECDHE-RSA-AES128-GCM-SHA256"),
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384("ECDHE-ECDSA-AES256-GCM-SHA384"),
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384("ECDHE-RSA-AES256-GCM-SHA384"),
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256("ECDHE-ECDSA-CHACHA20-POLY1305"),
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256("ECDHE-RSA-CHACHA20-POLY1305"),
    TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA("ECDHE-ECDSA-AES128-SHA"),
    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA("ECDHE-RSA-AES128-SHA"),
    TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA("ECDHE-ECDSA-AES256-SHA"),
    TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA("ECDHE-RSA-AES256-SHA");

    /** Mozilla's list of that name, without finite-field Diffie-Hellman, which only old clients need. */
    public static final List<CipherSuite> INTERMEDIATE =
            Arrays.stream(values()).filter(suite -> !suite.name().endsWith("CBC_SHA")).toList();

    /** Mozilla's list of that name: TLS 1.3 only. */
    public static final List<CipherSuite> MODERN = List.of();

    private final String openSslName;

    CipherSuite(String openSslName) {
        this.openSslName = openSslName;
    }

    /** The name that nginx and HAProxy use. */
    public String openSslName() {
        return openSslName;
    }
}
