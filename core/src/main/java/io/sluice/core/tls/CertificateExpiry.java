package io.sluice.core.tls;

import java.time.Instant;

/**
 * When something in use expires. Immutable.
 *
 * @param owner    such as {@code listener shop}
 * @param subject  of the certificate; if that is empty, the names that it is for
 * @param notAfter of the first that expires in its chain
 */
public record CertificateExpiry(String owner, String subject, Instant notAfter) { }
