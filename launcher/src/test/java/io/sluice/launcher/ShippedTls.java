package io.sluice.launcher;

import io.sluice.config.CertificateConfig.Pair;
import io.sluice.config.pem.Certificates;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Either side of TLS with the certificates that are shipped for tests. Immutable. */
public final class ShippedTls {

    public static final Path CERTIFICATES = ShippedFiles.HOME.resolve("config/examples/test-certificates");

    private static final char[] NO_PASSWORD = new char[0];

    private final SSLContext context;

    private ShippedTls(SSLContext context) {
        this.context = context;
    }

    /** Shows nothing. */
    public static ShippedTls anonymous() throws IOException, GeneralSecurityException, PemException {
        return new ShippedTls(context(emptyStore()));
    }

    /** Shows the certificate of that file name, without its ending. */
    public static ShippedTls showing(String name) throws IOException, GeneralSecurityException, PemException {
        Identity identity = Identity.load(new Pair(CERTIFICATES.resolve(name + ".pem"),
                CERTIFICATES.resolve(name + ".key"), Optional.empty()), Instant.now());
        KeyStore own = emptyStore();
        own.setKeyEntry("own", identity.key(), NO_PASSWORD, identity.chain().toArray(Certificate[]::new));
        return new ShippedTls(context(own));
    }

    private static SSLContext context(KeyStore own)
            throws IOException, GeneralSecurityException, PemException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(own, NO_PASSWORD);
        KeyStore trusted = emptyStore();
        trusted.setCertificateEntry("ca", Certificates.read(CERTIFICATES.resolve("test-ca.pem")).getFirst());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** A client that wants the listener to be of that name. */
    SSLSocket connect(InetSocketAddress address, String serverName) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        socket.setSSLParameters(parameters);
        socket.connect(address);
        return socket;
    }

    /** The same over a connection that there is already. */
    public SSLSocket over(Socket connected, String serverName) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(connected, serverName, connected.getPort(), true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** A conversation over TLS, which demands a certificate of whoever comes. */
    Conversation over(Conversation inner) {
        return over(inner, true);
    }

    /** The same for everybody. */
    public Conversation overTls(Conversation inner) {
        return over(inner, false);
    }

    private Conversation over(Conversation inner, boolean demands) {
        return (name, client) -> {
            SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(client, null, client.getPort(), false);
            tls.setUseClientMode(false);
            tls.setNeedClientAuth(demands);
            inner.hold(name, tls);
        };
    }
}
