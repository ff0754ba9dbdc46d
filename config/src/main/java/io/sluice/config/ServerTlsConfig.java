package io.sluice.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a listener speaks TLS with its clients. Immutable.
 *
 * @param certificates       at least one; the first pair of the first entry is the one for clients that no other fits
 * @param ciphers            those of TLS 1.2, the best first; TLS 1.3 has its own, which are always on
 * @param alpn               protocols by preference; empty: none is negotiated
 * @param clientAuth         empty: clients are not asked for certificates
 * @param handshakeTimeout   from the first byte of the handshake to its end
 * @param handshakesPerSecond over all workers; {@link SluiceConfig#UNLIMITED}
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

    /** What becomes of a client that asks for a name that no certificate has, or for none. */
    public enum UnknownSni {
        /** It gets the first certificate. */
        DEFAULT,
        /** The handshake fails. */
        REJECT
    }

    /**
     * Certificates of clients.
     *
     * @param ca      who may have signed them
     * @param crl     which of them are revoked; empty: none
     * @param headers fields that tell HTTP servers about them, by name; those of clients are removed
     */
    public record ClientAuth(Mode mode, Path ca, Optional<Path> crl, Map<String, ClientField> headers) {

        public ClientAuth {
            headers = Checks.copyInOrder(headers);
        }

        /** Whether a client may come without one. */
        public enum Mode { REQUIRE, OPTIONAL }
    }

    /** What a header field tells of a client's certificate. */
    public enum ClientField {
        SUBJECT, ISSUER, SERIAL, SAN,
        /** SHA-256 of the certificate, in hexadecimal digits. */
        FINGERPRINT,
        /** The last day, as HTTP writes dates. */
        NOT_AFTER
    }

    /**
     * How clients take up sessions again that they had before.
     *
     * @param cacheSize      sessions that are remembered
     * @param tickets        whether clients may keep sessions themselves, encrypted
     * @param ticketRotation how long a key of tickets encrypts, unless they come from a file
     * @param ticketKeyFile  keys of tickets that hosts share; empty: each process has its own
     */
    public record Sessions(int cacheSize, boolean tickets, Duration ticketRotation, Optional<Path> ticketKeyFile) {
        public Sessions {
            Checks.inRange("cache", cacheSize, 1, 10_000_000);
            Checks.positive("ticket-rotation", ticketRotation);
        }
    }
}
