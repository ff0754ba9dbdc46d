package io.sluice.config.pem;

import io.sluice.config.CertificateConfig;
import io.sluice.config.CertificateConfig.Directory;
import io.sluice.config.CertificateConfig.Pair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A certificate chain with its private key, checked to be valid and to belong together. Immutable.
 *
 * @param files the files that they were read from
 * @param chain the certificate, then those that lead to a root; the root itself may be missing
 */
public record Identity(Pair files, List<X509Certificate> chain, PrivateKey key) {

    private static final List<String> CHAIN_ENDINGS = List.of(".pem", ".crt");
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    public Identity {
        chain = List.copyOf(chain);
    }

    /** Reads the configured certificate, or all certificates of a directory in the order of their names. */
    public static List<Identity> load(CertificateConfig config, Instant now) throws PemException {
        return switch (config) {
            case Pair pair -> List.of(load(pair, now));
            case Directory directory -> loadAll(directory.directory(), now);
        };
    }

    public static Identity load(Pair pair, Instant now) throws PemException {
        List<X509Certificate> chain = Certificates.read(pair.chain());
        ChainCheck.check(pair.chain(), chain, now);
        PrivateKey key = PrivateKeys.read(pair.key(), pair.passwordFile());
        ChainCheck.checkKey(pair.key(), key, chain.getFirst());
        return new Identity(pair, chain, key);
    }

    private static List<Identity> loadAll(Path directory, Instant now) throws PemException {
        List<Identity> identities = new ArrayList<>();
        for (Path chain : chains(directory)) {
            Path key = besides(chain);
            identities.add(load(new Pair(chain, Files.exists(key) ? key : chain, Optional.empty()), now));
        }
        if (identities.isEmpty()) {
            throw new PemException(directory, "no NAME.pem or NAME.crt is in the directory");
        }
        return identities;
    }

    private static List<Path> chains(Path directory) throws PemException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> CHAIN_ENDINGS.stream().anyMatch(file.toString()::endsWith)).sorted().toList();
        } catch (NotDirectoryException e) {
            throw new PemException(directory, "is not a directory", e);
        } catch (IOException e) {
            throw new PemException(directory, Files.exists(directory) ? "cannot be listed" : "no such directory", e);
        }
    }

    private static Path besides(Path chain) {
        String name = chain.getFileName().toString();
        return chain.resolveSibling(name.substring(0, name.lastIndexOf('.')) + ".key");
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** When the first certificate of the chain expires. */
    public Instant notAfter() {
        return chain.stream().map(certificate -> certificate.getNotAfter().toInstant()).min(Instant::compareTo)
                .orElseThrow();
    }

    /** The hosts and addresses that the certificate is for, in lower case; a host may begin with {@code *.}. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate().getSubjectAlternativeNames();
            if (alternatives == null) {
                return commonName();
            }
            for (List<?> alternative : alternatives) {
                int type = (Integer) alternative.getFirst();
                if (type == DNS_NAME || type == IP_ADDRESS) {
                    names.add(alternative.get(1).toString().toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            return commonName();
        }
        return names;
    }

    /** The subject's common name, where old certificates have their only name. */
    private List<String> commonName() {
        try {
            for (Rdn part : new LdapName(certificate().getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return List.of(part.getValue().toString().toLowerCase(Locale.ROOT));
                }
            }
        } catch (InvalidNameException e) {
            // A malformed subject has no name.
        }
        return List.of();
    }
}
