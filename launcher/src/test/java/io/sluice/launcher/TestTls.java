package io.sluice.launcher;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** TLS on either side of a connection, with one certificate that signs itself. Immutable. */
final class TestTls {

    private final SSLContext context;

    private TestTls(TestCertificate certificate) throws IOException, GeneralSecurityException {
        char[] password = TestCertificate.PASSWORD.toCharArray();
        KeyStore keys = KeyStore.getInstance(certificate.keyStore().toFile(), password);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, password);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(keys);
        context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    }

    /** @param directory where the certificate is kept */
    static TestTls in(Path directory) throws IOException, GeneralSecurityException {
        return new TestTls(TestCertificate.create(directory, "dns:test"));
    }

    SSLContext context() {
        return context;
    }

    /** A conversation over TLS; the server takes the first protocol that the client offers. */
    Conversation over(Conversation inner) {
        return (name, client) -> {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(client, null, client.getPort(), false);
            tls.setUseClientMode(false);
            tls.setHandshakeApplicationProtocolSelector((_, offered) -> offered.isEmpty() ? "" : offered.getFirst());
            inner.hold(name, tls);
        };
    }

    /** A client that asks for that server name, if it is not null, and offers these protocols. */
    SSLSocket connect(InetSocketAddress address, String serverName, String... protocols) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
        parameters.setApplicationProtocols(protocols);
        socket.setSSLParameters(parameters);
        socket.connect(address);
        return socket;
    }
}
