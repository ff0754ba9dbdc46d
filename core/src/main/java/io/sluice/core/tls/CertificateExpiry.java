package io.sluice.core.tls;

import java.time.Instant;

/**
 * When a certificate in use expires, and whether its files have changed to something unusable. Immutable.
 *
 * @param owner    such as {@code listener shop}
 * @param subject  of the certificate, or if that is empty, the names that it is for
 * @param notAfter of the certificate in the chain that expires first
 * @param outlived whether the owner's files have changed since to something that cannot be used
 */
public record CertificateExpiry(String owner, String subject, Instant notAfter, boolean outlived) { }
