package io.sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a listener speaks TLS with its clients. Immutable.
 *
 * @param certificates       at least one; the first pair of the first entry serves clients that no other one fits
 * @param ciphers            ciphers of TLS 1.2, the best first; those of TLS 1.3 are always on
 * @param alpn               protocols by preference; empty: none is negotiated
 * @param clientAuth         empty: clients are not asked for certificates
 * @param handshakeTimeout   from the first byte of the handshake to its end
 * @param handshakesPerSecond the most over all workers; or {@link SluiceConfig#UNLIMITED}
 */
public record ServerTlsConfig(
        List<CertificateConfig> certificates,
        TlsVersion minVersion,
        List<CipherSuite> ciphers,
        List<String> alpn,
        UnknownSni unknownSni,
        Optional<ClientAuth> clientAuth,
        Sessions session,
        Duration handshakeTimeout,
        int handshakesPerSecond) {

    public ServerTlsConfig {
        certificates = List.copyOf(certificates);
        ciphers = List.copyOf(ciphers);
        alpn = List.copyOf(alpn);
        Checks.notEmpty("certificates", certificates);
        Checks.that(!ciphers.isEmpty() || minVersion == TlsVersion.TLS_1_3, "without ciphers, min-version is 1.3");
        Checks.positive("handshake-timeout", handshakeTimeout);
        Checks.atLeast("handshakes-per-second", handshakesPerSecond, 1);
    }

    /** The same, but with these protocols if it names none. */
    public ServerTlsConfig withUsualAlpn(List<String> protocols) {
        return alpn.isEmpty() ? new ServerTlsConfig(certificates, minVersion, ciphers, protocols, unknownSni,
                clientAuth, session, handshakeTimeout, handshakesPerSecond) : this;
    }

    /** What happens to a client whose SNI matches no certificate, or that sends no SNI. */
    public enum UnknownSni {
        /** The client gets the first certificate. */
        DEFAULT,
        /** The handshake fails. */
        REJECT
    }

    /**
     * How clients' certificates are verified and passed on.
     *
     * @param ca      the accepted issuers
     * @param crl     the revoked certificates; empty: none
     * @param headers fields that describe the certificate to HTTP servers, by name; removed if clients send them
     */
    public record ClientAuth(Mode mode, Path ca, Optional<Path> crl, Map<String, ClientField> headers) {

        public ClientAuth {
            headers = Checks.copyInOrder(headers);
        }

        /** Whether a client needs a certificate. */
        public enum Mode { REQUIRE, OPTIONAL }
    }

    /** The part of a client's certificate that a header field carries. */
    public enum ClientField {
        SUBJECT, ISSUER, SERIAL, SAN,
        /** SHA-256 of the certificate, in hexadecimal digits. */
        FINGERPRINT,
        /** The end of validity, as an HTTP date. */
        NOT_AFTER
    }

    /**
     * How clients resume TLS sessions.
     *
     * @param cacheSize      the most sessions remembered
     * @param tickets        whether clients may keep sessions themselves, in encrypted tickets
     * @param ticketRotation how long a ticket key encrypts, unless keys come from a file
     * @param ticketKeyFile  ticket keys that hosts share; empty: each process makes its own
     */
    public record Sessions(int cacheSize, boolean tickets, Duration ticketRotation, Optional<Path> ticketKeyFile) {
        public Sessions {
            Checks.inRange("cache", cacheSize, 1, 10_000_000);
            Checks.positive("ticket-rotation", ticketRotation);
        }
    }
}
