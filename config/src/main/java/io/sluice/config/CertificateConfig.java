package io.sluice.config;

import java.nio.file.Path;
import java.util.Optional;

/** Where certificates with their keys are. Immutable. */
public sealed interface CertificateConfig permits CertificateConfig.Pair, CertificateConfig.Directory {

    /**
     * One certificate.
     *
     * @param chain        the certificate, then those that lead to a root, in PEM format
     * @param key          the same file if it has the key, too
     * @param passwordFile whose first line decrypts the key; empty: the key is not encrypted
     */
    record Pair(Path chain, Path key, Optional<Path> passwordFile) implements CertificateConfig { }

    /** Many: each {@code NAME.pem} or {@code NAME.crt} with its {@code NAME.key}, or with the key in it. */
    record Directory(Path directory) implements CertificateConfig { }
}
