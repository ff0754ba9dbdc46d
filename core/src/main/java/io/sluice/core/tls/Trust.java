package io.sluice.core.tls;

import io.sluice.config.pem.Certificates;
import io.sluice.config.pem.PemException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Decides which certificates are trusted, by the JDK's verification, for either TLS library. */
public final class Trust {

    /** Trusts every peer, without verification. */
    public static final X509ExtendedTrustManager EVERYBODY = new Blind(true);
    /** Trusts no peer, for listeners that ask for no certificates. */
    static final X509ExtendedTrustManager NOBODY = new Blind(false);

    private Trust() { }

    /** Trusts the authorities in a file; without one, those that the Java runtime trusts. */
    public static X509ExtendedTrustManager in(Optional<Path> ca) throws PemException, GeneralSecurityException {
        if (ca.isPresent()) {
            return in(ca.get(), Optional.empty());
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init((KeyStore) null);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    /**
     * Trusts the authorities in a file. With revocation lists, a peer's certificate has to be covered by one and not be
     * in it.
     */
    static X509ExtendedTrustManager in(Path ca, Optional<Path> crl)
            throws PemException, GeneralSecurityException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(keyStore(Certificates.read(ca)),
                new X509CertSelector());
        parameters.setRevocationEnabled(false);
        if (crl.isPresent()) {
            parameters.addCertStore(CertStore.getInstance("Collection",
                    new CollectionCertStoreParameters(Certificates.readRevocations(crl.get()))));
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) CertPathValidator.getInstance("PKIX").getRevocationChecker();
            checker.setOptions(EnumSet.of(Option.PREFER_CRLS, Option.NO_FALLBACK, Option.ONLY_END_ENTITY));
            parameters.addCertPathChecker(checker);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    private static KeyStore keyStore(List<X509Certificate> certificates) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new IllegalStateException("nothing was to be read", e);
        }
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca-" + i, certificates.get(i));
        }
        return store;
    }

    /** Trusts all or nobody, without looking at certificates. */
    private static final class Blind extends X509ExtendedTrustManager {

        private final boolean trusts;

        Blind(boolean trusts) {
            this.trusts = trusts;
        }

        private void check() throws CertificateException {
            if (!trusts) {
                throw new CertificateException("nobody is trusted here");
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check();
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
