package io.sluice.core.tls.boring;

import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.internal.tcnative.SessionTicketKey;
import java.lang.ref.Reference;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.X509ExtendedTrustManager;

/** What the connections of a listener's clients share. Safe from any thread. */
public final class BoringServerContext extends BoringContext {

    /** Length of each part of a ticket key: name, HMAC key, AES key. */
    private static final int TICKET_KEY_PART_BYTES = 16;

    private final Chooser chooser;

    /** Chooses the certificates for a client. Called during a handshake: it must not block. */
    public interface Chooser {

        /**
         * The first of the results whose key the client can verify is shown.
         *
         * @param serverName the name that the client asks for, or null
         * @return empty to refuse the client with the alert unrecognized_name
         */
        List<Credential> choose(String serverName);
    }

    /**
     * How clients may resume sessions.
     *
     * @param id        at most 32 bytes; a session can be resumed only where the id is the same
     * @param cacheSize how many sessions are cached, for clients without tickets
     */
    public record Sessions(byte[] id, int cacheSize, Duration timeout, boolean tickets) { }

    public BoringServerContext(Settings settings, Chooser chooser, Sessions sessions) throws GeneralSecurityException {
        super(settings, false);
        this.chooser = chooser;
        SSLContext.setOptions(address(), SSL.SSL_OP_CIPHER_SERVER_PREFERENCE
                | (sessions.tickets ? 0 : SSL.SSL_OP_NO_TICKET));
        SSLContext.setSessionIdContext(address(), sessions.id);
        SSLContext.setSessionCacheSize(address(), sessions.cacheSize);
        SSLContext.setSessionCacheTimeout(address(), Math.max(1, sessions.timeout.toSeconds()));
        SSLContext.setCertificateCallback(address(), BoringServerContext::choose);
    }

    /**
     * Asks clients for certificates.
     *
     * @param required whether clients without one are refused
     * @param issuers  the authorities that clients are told of
     */
    public void askForCertificates(boolean required, List<X509Certificate> issuers) throws GeneralSecurityException {
        verify(required ? SSL.SSL_CVERIFY_REQUIRED : SSL.SSL_CVERIFY_OPTIONAL);
        try {
            Credential.parse(Credential.pem(issuers), bio -> SSLContext.setCACertificateBio(address(), bio));
        } catch (Exception e) {
            throw new GeneralSecurityException("BoringSSL cannot read the certificates: " + e.getMessage(), e);
        }
    }

    /**
     * Replaces the keys of tickets.
     *
     * @param keys of 48 bytes each: name, AES, HMAC; the first one encrypts, all decrypt
     */
    public void ticketKeys(List<byte[]> keys) {
        SSLContext.setSessionTicketKeys(address(), keys.stream().map(BoringServerContext::ticketKey)
                .toArray(SessionTicketKey[]::new));
    }

    private static SessionTicketKey ticketKey(byte[] key) {
        return new SessionTicketKey(part(key, 0), part(key, 2), part(key, 1));
    }

    private static byte[] part(byte[] key, int index) {
        return Arrays.copyOfRange(key, index * TICKET_KEY_PART_BYTES, (index + 1) * TICKET_KEY_PART_BYTES);
    }

    /** An engine for one client; the caller owns it and has to close both of its directions. */
    public BoringEngine newEngine() {
        return new BoringEngine(this);
    }

    /** Called by the library, which must not refer to the context, as that could never be freed then. */
    private static void choose(long ssl, byte[] keyTypes, byte[][] issuers) {
        BoringEngine engine = BoringEngine.shakingHands();
        try {
            Chooser chooser = ((BoringServerContext) engine.context()).chooser;
            List<Credential> credentials = chooser.choose(SSL.getSniHostname(ssl));
            for (Credential credential : credentials) {
                SSL.addCredential(ssl, credential.address());
            }
            if (credentials.isEmpty()) {
                engine.rejectName();
            }
            Reference.reachabilityFence(credentials);
        } catch (Exception | Error e) {
            // No exception may pass through the library; without a credential the handshake fails.
            engine.refuse(e);
        }
    }

    @Override
    boolean verifiesNames() {
        return false;
    }

    @Override
    void check(X509ExtendedTrustManager trust, X509Certificate[] chain, String authType, BoringEngine engine)
            throws CertificateException {
        trust.checkClientTrusted(chain, authType, engine);
    }
}
