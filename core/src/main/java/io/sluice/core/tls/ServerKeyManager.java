package io.sluice.core.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows a listener's clients their certificates, out of a store that may be replaced at any time: a handshake gets the
 * certificate and the key of one and the same store. Safe from any thread.
 */
final class ServerKeyManager extends X509ExtendedKeyManager {

    private final boolean asksForEachKind;
    private volatile CertificateStore store;
    private final ThreadLocal<Current> current = ThreadLocal.withInitial(Current::new);

    /** What there is to know of the client whose bytes this thread handles. */
    private static final class Current {

        int offered = OfferedKeys.UNKNOWN;
        /** Libraries ask for the alias, the chain and the key one after the other. */
        Certified chosen;
        boolean rejected;
    }

    ServerKeyManager(CertificateStore store, TlsLibrary library) {
        this.store = store;
        asksForEachKind = library == TlsLibrary.JDK;
    }

    void replace(CertificateStore next) {
        store = next;
    }

    CertificateStore store() {
        return store;
    }

    /** Says which keys the client can verify that this thread handles next. */
    void expect(int keys) {
        current.get().offered = keys;
    }

    /** The client has been handled. @return whether it was rejected, as it asks for a name that is not known */
    boolean forget() {
        Current client = current.get();
        boolean rejected = client.rejected;
        client.offered = OfferedKeys.UNKNOWN;
        client.rejected = false;
        return rejected;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        ExtendedSSLSession session = (ExtendedSSLSession) engine.getHandshakeSession();
        Current client = current.get();
        Certified certified = asksForEachKind ? ofKind(keyType, session)
                : store.find(serverName(session), client.offered);
        client.chosen = certified;
        client.rejected = certified == null;
        return certified == null ? null : certified.alias();
    }

    /**
     * The JDK asks for one kind after the other, and takes the first that there is, even if the client cannot verify
     * it. Conscrypt asks for all, too, and takes the last answer: so all of its answers are the same.
     */
    private Certified ofKind(String keyType, ExtendedSSLSession session) {
        int kinds = keyType.equals(Certified.RSA) ? OfferedKeys.RSA : OfferedKeys.ANY_EC;
        Certified certified = store.find(serverName(session), kinds);
        boolean fits = certified != null && certified.keyType().equals(keyType)
                && (certified.isRsa() || knowsEcdsa(session));
        return fits ? certified : null;
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

    /** Null if the client says none, or if there is no session yet: the JDK asks while it reads a ticket. */
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
        return certified == null ? null : certified.key();
    }

    /** What was chosen on this thread counts even if the store has been replaced since. */
    private Certified find(String alias) {
        Certified last = current.get().chosen;
        return last != null && last.alias().equals(alias) ? last : store.byAlias(alias);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }
}
