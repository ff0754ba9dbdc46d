package io.sluice.core.tls.boring;

import io.netty.internal.tcnative.CertificateVerifier;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What many connections share: versions, ciphers, protocols, trust, sessions. Its engines refer to it; its native
 * memory is freed once it is unreachable. Safe from any thread.
 */
public abstract sealed class BoringContext permits BoringServerContext, BoringClientContext {

    /** Key exchange groups, the best first. */
    private static final String[] GROUPS = {"X25519", "P-256", "P-384", "P-521"};
    private static final int MOST_CERTIFICATES = 100;

    private final boolean client;
    private final long address;
    private final X509ExtendedTrustManager trust;

    /**
     * Settings of clients and servers alike.
     *
     * @param versions TLSv1.2, TLSv1.3 or both
     * @param ciphers  of TLS 1.2, by OpenSSL's names, the best first; empty: the library's own choice
     * @param alpn     protocols by preference; empty: none is negotiated
     * @param trust    verifies the certificates of peers
     */
    public record Settings(List<String> versions, List<String> ciphers, List<String> alpn,
                           X509ExtendedTrustManager trust) { }

    BoringContext(Settings settings, boolean client) throws GeneralSecurityException {
        BoringLibrary.require();
        this.client = client;
        try {
            address = SSLContext.make(SSL.SSL_PROTOCOL_ALL, client ? SSL.SSL_MODE_CLIENT : SSL.SSL_MODE_SERVER);
            free(this, address);
            trust = settings.trust;
            set(settings);
        } catch (GeneralSecurityException e) {
            throw e;
        } catch (Exception e) {
            throw new GeneralSecurityException("BoringSSL refuses the settings: " + e.getMessage(), e);
        }
    }

    /** Static, so that the action that frees the context does not refer to it. */
    private static void free(BoringContext context, long address) {
        Native.freeWith(context, () -> SSLContext.free(address));
    }

    private void set(Settings settings) throws Exception {
        SSLContext.setMode(address, SSLContext.getMode(address) | SSL.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSLContext.setOptions(address, SSL.SSL_OP_NO_TLSv1 | SSL.SSL_OP_NO_TLSv1_1
                | (settings.versions.contains("TLSv1.2") ? 0 : SSL.SSL_OP_NO_TLSv1_2)
                | (settings.versions.contains("TLSv1.3") ? 0 : SSL.SSL_OP_NO_TLSv1_3));
        SSLContext.setCurvesList(address, GROUPS);
        if (!settings.ciphers.isEmpty()) {
            SSLContext.setCipherSuite(address, String.join(":", settings.ciphers), false);
        }
        if (!settings.alpn.isEmpty()) {
            SSLContext.setAlpnProtos(address, settings.alpn.toArray(String[]::new),
                    SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
        }
        SSLContext.setCertVerifyCallback(address, new Verifier());
    }

    final void verify(int mode) {
        SSLContext.setVerify(address, mode, MOST_CERTIFICATES);
    }

    final long address() {
        return address;
    }

    final boolean isClient() {
        return client;
    }

    /** Whether a peer's certificate has to be for the name that was connected to. */
    abstract boolean verifiesNames();

    /** @throws CertificateException if the peer is not to be trusted */
    abstract void check(X509ExtendedTrustManager trust, X509Certificate[] chain, String authType, BoringEngine engine)
            throws CertificateException;

    /** Called by the library during a handshake to verify a peer's certificate. */
    private static final class Verifier extends CertificateVerifier {

        @Override
        public int verify(long ssl, byte[][] chain, String authType) {
            BoringEngine engine = BoringEngine.shakingHands();
            try {
                BoringContext context = engine.context();
                context.check(context.trust, BoringSession.parse(List.of(chain)), authType, engine);
                return X509_V_OK;
            } catch (Throwable e) {
                // No exception may pass through the library.
                engine.refuse(e);
                return VerifyCode.of(e);
            }
        }
    }
}
