package io.sluice.core.tls;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.conscrypt.Conscrypt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who encrypts. Immutable. */
public enum TlsLibrary {
    /** BoringSSL, several times as fast as the JDK. It needs native access and a directory for its library. */
    CONSCRYPT {
        @Override
        SSLContext newContext() throws GeneralSecurityException {
            return SSLContext.getInstance("TLS", Boring.PROVIDER);
        }

        @Override
        PrivateKey adopt(PrivateKey key) throws GeneralSecurityException {
            return KeyFactory.getInstance(key.getAlgorithm(), Boring.PROVIDER)
                    .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
        }

        @Override
        void useTickets(SSLEngine engine, boolean tickets) {
            Conscrypt.setUseSessionTickets(engine, tickets);
        }
    },
    JDK {
        @Override
        SSLContext newContext() throws GeneralSecurityException {
            return SSLContext.getInstance("TLS", "SunJSSE");
        }

        @Override
        PrivateKey adopt(PrivateKey key) {
            return key;
        }

        @Override
        void useTickets(SSLEngine engine, boolean tickets) {
            // A matter of the whole process there, and on.
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(TlsLibrary.class);

    /** The best that this host can use. */
    public static TlsLibrary best() {
        return Boring.AVAILABLE ? CONSCRYPT : JDK;
    }

    abstract SSLContext newContext() throws GeneralSecurityException;

    /** The key as the library has keys itself, so that it need not translate it at each handshake. */
    abstract PrivateKey adopt(PrivateKey key) throws GeneralSecurityException;

    /** Whether sessions go to clients as tickets, before the handshake. */
    abstract void useTickets(SSLEngine engine, boolean tickets);

    /** Loaded when TLS is first used. */
    private static final class Boring {

        static final boolean AVAILABLE = isAvailable();
        static final Provider PROVIDER = AVAILABLE ? Conscrypt.newProvider() : null;

        private static boolean isAvailable() {
            try {
                Conscrypt.checkAvailability();
                return true;
            } catch (LinkageError e) {
                LOG.warn("TLS is done by the JDK, which takes several times as much of the processor: the native "
                        + "library of Conscrypt cannot be loaded ({})", e.getMessage());
                return false;
            }
        }
    }
}
