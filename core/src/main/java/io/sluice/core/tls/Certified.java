package io.sluice.core.tls;

import io.sluice.config.pem.Identity;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An identity as a library shows it. Immutable; the chain is not to be changed.
 *
 * @param alias what libraries call it; no other one is ever called the same
 * @param key   in the library's form
 * @param kind  a bit of {@link OfferedKeys}
 */
record Certified(String alias, Identity identity, X509Certificate[] chain, PrivateKey key, int kind) {

    static final String RSA = "RSA";

    private static final AtomicLong ALIASES = new AtomicLong();

    static Certified of(Identity identity, TlsLibrary library) throws GeneralSecurityException {
        return new Certified(Long.toString(ALIASES.incrementAndGet()), identity,
                identity.chain().toArray(X509Certificate[]::new), library.adopt(identity.key()), kind(identity));
    }

    private static int kind(Identity identity) {
        if (!(identity.certificate().getPublicKey() instanceof ECKey key)) {
            return OfferedKeys.RSA;
        }
        return switch (key.getParams().getOrder().bitLength()) {
            case 256 -> OfferedKeys.P256;
            case 384 -> OfferedKeys.P384;
            default -> OfferedKeys.P521;
        };
    }

    boolean isRsa() {
        return kind == OfferedKeys.RSA;
    }

    /** The name of its key's kind, as Java's key managers have it. */
    String keyType() {
        return isRsa() ? RSA : "EC";
    }
}
