package io.sluice.launcher.admin;

import io.sluice.config.pem.Certificates;
import io.sluice.config.pem.PemException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts one certificate and no other, whatever its names. An <em>extended</em> trust manager, since the JDK adds a
 * check of the name to other trust managers. Immutable.
 */
final class KnownCertificate extends X509ExtendedTrustManager {

    private final X509Certificate known;

    private KnownCertificate(X509Certificate known) {
        this.known = known;
    }

    /** The context of a client that trusts only the first certificate in the file. */
    static SSLContext context(Path chain) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            X509Certificate first = Certificates.read(chain).getFirst();
            context.init(null, new TrustManager[] {new KnownCertificate(first)}, null);
            return context;
        } catch (PemException | GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (!chain[0].equals(known)) {
            throw new CertificateException("this is not the certificate in the configuration");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("clients have no certificates");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
