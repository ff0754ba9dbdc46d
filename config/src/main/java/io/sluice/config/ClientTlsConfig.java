package io.sluice.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a pool speaks TLS with its servers. Immutable.
 *
 * @param verify            whether a server must have a certificate for its name that a trusted one has signed
 * @param ca                whom to trust; empty: those that the Java runtime does
 * @param serverName        what servers are asked for and must be; empty: the host of each server's address
 * @param clientCertificate what servers get if they ask
 * @param alpn              protocols by preference; empty: none is negotiated
 * @param negotiation       empty: as the pool's servers usually have it, {@link PoolConfig#asksForPostgresTls}
 */
public record ClientTlsConfig(
        boolean verify,
        Optional<Path> ca,
        Optional<String> serverName,
        Optional<CertificateConfig.Pair> clientCertificate,
        List<String> alpn,
        Optional<Negotiation> negotiation) {

    public ClientTlsConfig {
        alpn = List.copyOf(alpn);
        Checks.that(verify || ca.isEmpty(), "verify: false trusts everyone, so ca has no meaning");
    }

    /** How TLS begins on a new connection; as {@code sslnegotiation} of PostgreSQL's clients. */
    public enum Negotiation {
        /** By the handshake. */
        DIRECT,
        /** The server is asked first, as the protocol of PostgreSQL wants it. */
        POSTGRES
    }
}
