package io.sluice.l4.database;

import io.sluice.config.LoginConfig.Tls;
import io.sluice.core.tls.Trust;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** TLS of a check's connection, the same for all databases. */
final class CheckTls {

    private CheckTls() { }

    /**
     * A TLS socket over a connection, its handshake not yet begun.
     *
     * @param host the name or address that the operator wrote; in mode verify-full the certificate must be for it
     */
    static SSLSocket over(Socket plain, Tls tls, String host) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(tls), null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory()
                    .createSocket(plain, host, plain.getPort(), true);
            if (tls.mode() == Tls.Mode.VERIFY_FULL) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            return socket;
        } catch (GeneralSecurityException e) {
            throw new Refusal(Reason.TLS_FAILED, "its settings are of no use: " + e.getMessage());
        }
    }

    private static TrustManager[] trust(Tls tls) throws IOException, GeneralSecurityException {
        if (!tls.verifiesCertificate()) {
            // What modes prefer and require mean without certificates to trust: a guard against listeners only.
            return new TrustManager[] {Trust.EVERYBODY};
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(tls.ca().isPresent() ? certificates(tls.ca().get()) : null);
        return factory.getTrustManagers();
    }

    private static KeyStore certificates(Path pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(pem))) {
            int count = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + count++, one);
            }
        } catch (CertificateException e) {
            throw new Refusal(Reason.TLS_FAILED, "no certificates in " + pem + ": " + e.getMessage());
        }
        return store;
    }
}
