package io.sluice.core.tls;

import io.sluice.config.pem.Identity;
import io.sluice.core.tls.boring.Credential;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An identity in the form that the TLS library needs. Immutable; the chain is not to be changed.
 *
 * @param alias      its name in the JDK's key managers; never reused
 * @param credential its form for BoringSSL; null if that is not in use
 */
record Certified(String alias, Identity identity, X509Certificate[] chain, Credential credential) {

    static final String RSA = "RSA";
    static final String EC = "EC";

    private static final AtomicLong ALIASES = new AtomicLong();

    static Certified of(Identity identity, TlsLibrary library) throws GeneralSecurityException {
        Credential credential =
                library == TlsLibrary.BORINGSSL ? Credential.of(identity.chain(), identity.key()) : null;
        return new Certified(Long.toString(ALIASES.incrementAndGet()), identity,
                identity.chain().toArray(X509Certificate[]::new), credential);
    }

    boolean isRsa() {
        return !(identity.certificate().getPublicKey() instanceof ECKey);
    }

    /** The key type, as key managers are asked for it. */
    String keyType() {
        return isRsa() ? RSA : EC;
    }
}
