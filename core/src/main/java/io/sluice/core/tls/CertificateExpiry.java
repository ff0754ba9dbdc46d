package io.sluice.core.tls;

import java.time.Instant;

/**
 * When something in use expires. Immutable.
 *
 * @param owner    such as {@code listener shop}
 * @param name     the subject of the certificate
 * @param notAfter of the first that expires in its chain
 */
public record CertificateExpiry(String owner, String name, Instant notAfter) { }
