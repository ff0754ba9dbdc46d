package io.sluice.l4.database;

import io.sluice.config.LoginConfig.Tls;
import io.sluice.config.pem.PemException;
import io.sluice.core.tls.Trust;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

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
            context.init(null, new TrustManager[] {trust(tls)}, null);
            SSLSocket socket = (SSLSocket) context.getSocketFactory()
                    .createSocket(plain, host, plain.getPort(), true);
            if (tls.mode() == Tls.Mode.VERIFY_FULL) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            return socket;
        } catch (PemException e) {
            throw new CheckFailedException(Reason.TLS_FAILED, e.getMessage());
        } catch (GeneralSecurityException e) {
            throw new CheckFailedException(Reason.TLS_FAILED, "its settings are of no use: " + e.getMessage());
        }
    }

    private static TrustManager trust(Tls tls) throws GeneralSecurityException, PemException {
        if (!tls.verifiesCertificate()) {
            // Modes prefer and require protect against eavesdropping only, if there is no certificate to trust.
            return Trust.EVERYBODY;
        }
        return Trust.in(tls.ca());
    }
}
