package io.sluice.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a pool speaks TLS with its servers. Immutable.
 *
 * @param verify            whether a server must have a certificate for its name, signed by a trusted one
 * @param ca                certificates to trust; empty: those that the Java runtime trusts
 * @param serverName        the name sent as SNI and verified; empty: the host of each server's address
 * @param clientCertificate the certificate for servers that ask for one
 * @param alpn              protocols by preference; empty: none is negotiated
 * @param negotiation       empty: decided by {@link PoolConfig#asksForPostgresTls}
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

    /** How TLS begins on a new connection, like {@code sslnegotiation} of PostgreSQL's clients. */
    public enum Negotiation {
        /** With the handshake. */
        DIRECT,
        /** With an SSLRequest of the PostgreSQL protocol, which the server must grant. */
        POSTGRES
    }
}
