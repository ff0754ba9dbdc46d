package io.sluice.core.tls;

import java.time.Instant;

/**
 * When something in use expires, and whether it is still what its files say. Immutable.
 *
 * @param owner    such as {@code listener shop}
 * @param subject  of the certificate; if that is empty, the names that it is for
 * @param notAfter of the first that expires in its chain
 * @param outlived whether the owner's files have changed since to what cannot be used
 */
public record CertificateExpiry(String owner, String subject, Instant notAfter, boolean outlived) { }
