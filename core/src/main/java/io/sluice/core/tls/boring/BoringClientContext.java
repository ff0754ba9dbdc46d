package io.sluice.core.tls.boring;

import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.internal.tcnative.SSLSessionCache;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.X509ExtendedTrustManager;

/** What all connections to one server share. Safe from any thread. */
public final class BoringClientContext extends BoringContext {

    private final String host;
    private final int port;
    /** The name sent as SNI; null if the host is an address. */
    private final String serverName;
    private final boolean verifiesName;
    private final ClientSessions sessions = new ClientSessions();

    /**
     * Makes the context of one server.
     *
     * @param host         sent as SNI, unless it is an address, and compared with the server's certificate
     * @param verifiesName whether the host is compared with the certificate
     * @param credential   for a server that asks for a certificate
     */
    public BoringClientContext(Settings settings, String host, int port, boolean verifiesName,
                               Optional<Credential> credential) throws GeneralSecurityException {
        super(settings, true);
        this.host = host;
        this.port = port;
        serverName = isName(host) ? host : null;
        this.verifiesName = verifiesName;
        verify(SSL.SSL_CVERIFY_REQUIRED);
        try {
            if (credential.isPresent()) {
                SSLContext.addCredential(address(), credential.get().address());
                Reference.reachabilityFence(credential);
            }
        } catch (Exception e) {
            throw new GeneralSecurityException("BoringSSL cannot use the client's certificate", e);
        }
        SSLContext.setSessionCacheMode(address(), SSL.SSL_SESS_CACHE_CLIENT | SSL.SSL_SESS_CACHE_NO_INTERNAL_STORE
                | SSL.SSL_SESS_CACHE_NO_INTERNAL_LOOKUP);
        SSLContext.setSSLSessionCache(address(), new Sink(sessions));
        ClientSessions.freeWith(this, sessions);
    }

    /** An engine for one connection; the caller owns it and has to close both of its directions. */
    public BoringEngine newEngine() {
        return new BoringEngine(this, host, port, serverName, sessions);
    }

    /** Whether the host may be sent as SNI: addresses may not (RFC 6066, section 3). */
    private static boolean isName(String host) {
        try {
            InetAddress.ofLiteral(host);
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    @Override
    boolean verifiesNames() {
        return verifiesName;
    }

    @Override
    void check(X509ExtendedTrustManager trust, X509Certificate[] chain, String authType, BoringEngine engine)
            throws CertificateException {
        trust.checkServerTrusted(chain, authType, engine);
    }

    /** Takes sessions from the library. It must not refer to the context, which could never be freed then. */
    private record Sink(ClientSessions sessions) implements SSLSessionCache {

        @Override
        public boolean sessionCreated(long ssl, long session) {
            sessions.put(session);
            return true;
        }

        @Override
        public long getSession(long ssl, byte[] id) {
            return -1;
        }
    }
}
