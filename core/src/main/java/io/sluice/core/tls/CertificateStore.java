package io.sluice.core.tls;

import io.sluice.config.CertificateConfig;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.ServerTlsConfig.UnknownSni;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import io.sluice.core.tls.boring.Credential;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A listener's certificates, by the server name that a client asks for. Immutable. */
final class CertificateStore {

    private static final Choice NOTHING = new Choice();

    private final List<Certified> all = new ArrayList<>();
    private final Map<String, Certified> byAlias = new HashMap<>();
    /** Keys are exact names, and wildcard names from their first dot on. */
    private final Map<String, Choice> byName = new HashMap<>();
    private final Choice usual;

    private CertificateStore(List<Certified> certificates, boolean rejectsUnknown) {
        certificates.forEach(this::add);
        usual = rejectsUnknown ? NOTHING : usual(all.getFirst());
    }

    /** Loads all certificates of the configuration; fails if any of them cannot be loaded. */
    static CertificateStore load(ServerTlsConfig config, TlsLibrary library)
            throws PemException, GeneralSecurityException {
        List<Certified> certificates = new ArrayList<>();
        Instant now = Instant.now();
        for (CertificateConfig certificate : config.certificates()) {
            for (Identity identity : Identity.load(certificate, now)) {
                certificates.add(Certified.of(identity, library));
            }
        }
        return new CertificateStore(certificates, config.unknownSni() == UnknownSni.REJECT);
    }

    private void add(Certified certified) {
        all.add(certified);
        byAlias.put(certified.alias(), certified);
        for (String name : certified.identity().names()) {
            byName.computeIfAbsent(key(name), _ -> new Choice()).add(certified);
        }
    }

    private static String key(String name) {
        return name.startsWith("*.") ? name.substring(1) : name;
    }

    /** The certificates for the first certificate's first name: there may be another one with the other kind of key. */
    private Choice usual(Certified first) {
        List<String> names = first.identity().names();
        if (!names.isEmpty()) {
            return byName.get(key(names.getFirst()));
        }
        Choice choice = new Choice();
        choice.add(first);
        return choice;
    }

    /** In the order of the configuration. */
    List<Certified> all() {
        return all;
    }

    /** Null if there is none. */
    Certified byAlias(String alias) {
        return byAlias.get(alias);
    }

    boolean hasRsa() {
        return all.stream().anyMatch(Certified::isRsa);
    }

    boolean hasEc() {
        return !all.stream().allMatch(Certified::isRsa);
    }

    /**
     * The certificates for a client; empty if the client is to be rejected.
     *
     * @param serverName the name that the client asks for, or null
     */
    Choice find(String serverName) {
        Choice choice = serverName == null ? null : known(serverName.toLowerCase(Locale.ROOT));
        return choice == null ? usual : choice;
    }

    private Choice known(String name) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        Choice exact = byName.get(bare);
        if (exact != null) {
            return exact;
        }
        int dot = bare.indexOf('.');
        return dot > 0 ? byName.get(bare.substring(dot)) : null;
    }

    /** The certificates of one name: the first with each kind of key. Not changed once the store is made. */
    static final class Choice {

        private Certified rsa;
        private Certified ec;
        private List<Credential> credentials = List.of();

        private void add(Certified certified) {
            if (certified.isRsa()) {
                rsa = rsa == null ? certified : rsa;
            } else {
                ec = ec == null ? certified : ec;
            }
            // EC takes a fraction of the time; RSA is what every client knows.
            credentials = Stream.of(ec, rsa).filter(Objects::nonNull).map(Certified::credential)
                    .filter(Objects::nonNull).toList();
        }

        boolean isEmpty() {
            return rsa == null && ec == null;
        }

        /** For BoringSSL, the best first. */
        List<Credential> credentials() {
            return credentials;
        }

        /** Null if there is none. */
        Certified ofKeyType(String keyType) {
            return switch (keyType) {
                case Certified.RSA -> rsa;
                case Certified.EC -> ec;
                default -> null;
            };
        }
    }
}
