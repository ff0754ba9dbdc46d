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
 * What many connections have in common: versions, ciphers, protocols, whom to trust, sessions. Its engines hold on to
 * it, and it is freed when nobody can reach it any more. Safe from any thread.
 */
public abstract sealed class BoringContext permits BoringServerContext, BoringClientContext {

    /** To exchange keys by, the best first. */
    private static final String[] GROUPS = {"X25519", "P-256", "P-384", "P-521"};
    private static final int MOST_CERTIFICATES = 100;

    private final long address;
    private final X509ExtendedTrustManager trust;

    /**
     * What both sides have.
     *
     * @param versions TLSv1.2, TLSv1.3 or both
     * @param ciphers  of TLS 1.2, by OpenSSL's names, the best first; empty: the library's own choice
     * @param alpn     protocols by preference; empty: none is negotiated
     * @param trust    for the certificates of peers
     */
    public record Settings(List<String> versions, List<String> ciphers, List<String> alpn,
                           X509ExtendedTrustManager trust) { }

    BoringContext(Settings settings, boolean server) throws GeneralSecurityException {
        BoringLibrary.require();
        try {
            address = SSLContext.make(SSL.SSL_PROTOCOL_ALL, server ? SSL.SSL_MODE_SERVER : SSL.SSL_MODE_CLIENT);
            free(this, address);
            trust = settings.trust;
            set(settings);
        } catch (GeneralSecurityException e) {
            throw e;
        } catch (Exception e) {
            throw new GeneralSecurityException("BoringSSL refuses the settings: " + e.getMessage(), e);
        }
    }

    /** Static, so that what frees the context does not hold on to it. */
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

    abstract boolean isClient();

    /** Whether a peer's certificate has to be for the name that it was called by. */
    abstract boolean verifiesNames();

    /** @throws CertificateException if the peer is not to be trusted */
    abstract void check(X509ExtendedTrustManager trust, X509Certificate[] chain, String authType, BoringEngine engine)
            throws CertificateException;

    /** Asked by the library, in the midst of a handshake, whether a peer may come in. */
    private static final class Verifier extends CertificateVerifier {

        @Override
        public int verify(long ssl, byte[][] chain, String authType) {
            BoringEngine engine = BoringEngine.shakingHands();
            try {
                BoringContext context = engine.context();
                context.check(context.trust, BoringSession.parse(List.of(chain)), authType, engine);
                return X509_V_OK;
            } catch (Throwable e) {
                // Nothing may be thrown through the library.
                engine.refuse(e);
                return VerifyCode.of(e);
            }
        }
    }
}
