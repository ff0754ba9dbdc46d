package io.sluice.core.tls;

import io.sluice.config.CertificateConfig;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.ServerTlsConfig.UnknownSni;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which certificate a client gets, by the name that it asks for and the keys that it can verify. Immutable. */
final class CertificateStore {

    private final List<Certified> all = new ArrayList<>();
    private final Map<String, Certified> byAlias = new HashMap<>();
    /** Exact names as they are, and those of {@code *.} from their first dot on. */
    private final Map<String, Choice> byName = new HashMap<>();
    private final boolean rejectsUnknown;

    private CertificateStore(boolean rejectsUnknown) {
        this.rejectsUnknown = rejectsUnknown;
    }

    /** All that the configuration points to, as the files are now: whole or not at all. */
    static CertificateStore load(ServerTlsConfig config, TlsLibrary library)
            throws PemException, GeneralSecurityException {
        CertificateStore store = new CertificateStore(config.unknownSni() == UnknownSni.REJECT);
        Instant now = Instant.now();
        for (CertificateConfig certificate : config.certificates()) {
            for (Identity identity : Identity.load(certificate, now)) {
                store.add(Certified.of(identity, library));
            }
        }
        return store;
    }

    private void add(Certified certified) {
        all.add(certified);
        byAlias.put(certified.alias(), certified);
        for (String name : certified.identity().names()) {
            byName.computeIfAbsent(name.startsWith("*.") ? name.substring(1) : name, _ -> new Choice())
                    .add(certified);
        }
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
     * The certificate for a client.
     *
     * @param serverName that it asks for, or null
     * @param offered    bits of {@link OfferedKeys}
     * @return null if it is to be rejected
     */
    Certified find(String serverName, int offered) {
        Choice choice = serverName == null ? null : choice(serverName.toLowerCase(Locale.ROOT));
        if (choice != null) {
            return choice.best(offered);
        }
        return rejectsUnknown ? null : usual(offered);
    }

    /** Whether a client may ask for this name. */
    boolean serves(String serverName) {
        return !rejectsUnknown || choice(serverName.toLowerCase(Locale.ROOT)) != null;
    }

    /** Of the first certificate's first name there may be another one, with a key of the other kind. */
    private Certified usual(int offered) {
        Certified first = all.getFirst();
        List<String> names = first.identity().names();
        if (names.isEmpty()) {
            return first;
        }
        String name = names.getFirst();
        return byName.get(name.startsWith("*.") ? name.substring(1) : name).best(offered);
    }

    private Choice choice(String name) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        Choice exact = byName.get(bare);
        if (exact != null) {
            return exact;
        }
        int dot = bare.indexOf('.');
        return dot > 0 ? byName.get(bare.substring(dot)) : null;
    }

    /** The certificates of one name: the first with each kind of key. */
    private static final class Choice {

        private Certified rsa;
        private Certified ec;

        void add(Certified certified) {
            if (certified.isRsa()) {
                rsa = rsa == null ? certified : rsa;
            } else {
                ec = ec == null ? certified : ec;
            }
        }

        /** EC takes a fraction of the time; RSA is what every client knows. */
        Certified best(int offered) {
            if (rsa == null || ec == null) {
                return rsa == null ? ec : rsa;
            }
            return (offered & ec.kind()) != 0 ? ec : rsa;
        }
    }
}
