package io.sluice.core.tls;

import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;

/**
 * Chooses a listener's certificates for the JDK's engine, from a store that may be replaced at any time: a handshake
 * gets the certificate and the key from the same store. Safe from any thread.
 */
final class ServerKeyManager extends ChoosingKeyManager {

    private volatile CertificateStore store;
    /** The choice of this thread, as the engine asks for the alias, the chain and the key one after the other. */
    private final ThreadLocal<Certified> chosen = new ThreadLocal<>();

    ServerKeyManager(CertificateStore store) {
        this.store = store;
    }

    void replace(CertificateStore next) {
        store = next;
    }

    /** Whether a client may ask for this name. */
    boolean serves(String serverName) {
        return !store.find(serverName).isEmpty();
    }

    /**
     * The engine asks for one key type after the other and takes the first one offered, even if the client cannot
     * verify it.
     */
    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        ExtendedSSLSession session = (ExtendedSSLSession) engine.getHandshakeSession();
        Certified certified = store.find(serverName(session)).ofKeyType(keyType);
        boolean fits = certified != null && (certified.isRsa() || knowsEcdsa(session));
        chosen.set(fits ? certified : null);
        return fits ? certified.alias() : null;
    }

    private static boolean knowsEcdsa(ExtendedSSLSession session) {
        if (session == null) {
            return true;
        }
        for (String algorithm : session.getPeerSupportedSignatureAlgorithms()) {
            if (algorithm.endsWith("withECDSA")) {
                return true;
            }
        }
        return false;
    }

    /** Null if the client sends none, or if there is no session yet, as while the JDK reads a ticket. */
    private static String serverName(ExtendedSSLSession session) {
        if (session == null) {
            return null;
        }
        for (SNIServerName name : session.getRequestedServerNames()) {
            if (name instanceof SNIHostName host) {
                return host.getAsciiName();
            }
        }
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        Certified certified = find(alias);
        return certified == null ? null : certified.chain();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        Certified certified = find(alias);
        return certified == null ? null : certified.identity().key();
    }

    /** Prefers this thread's choice, as the store may have been replaced since. */
    private Certified find(String alias) {
        Certified last = chosen.get();
        return last != null && last.alias().equals(alias) ? last : store.byAlias(alias);
    }
}
