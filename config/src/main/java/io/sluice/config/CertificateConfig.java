package io.sluice.config;

import java.nio.file.Path;
import java.util.Optional;

/** Where certificates with their keys are. Immutable. */
public sealed interface CertificateConfig permits CertificateConfig.Pair, CertificateConfig.Directory {

    /**
     * One certificate.
     *
     * @param chain        the certificate, then those that lead to a root, in PEM format
     * @param key          the private key's file, which may be the same as {@code chain}
     * @param passwordFile a file whose first line decrypts the key; empty: the key is not encrypted
     */
    record Pair(Path chain, Path key, Optional<Path> passwordFile) implements CertificateConfig { }

    /** A directory of {@code NAME.pem} or {@code NAME.crt} files, each with the key in it or in {@code NAME.key}. */
    record Directory(Path directory) implements CertificateConfig { }
}
