package io.sluice.core.tls;

import io.sluice.config.ClientTlsConfig;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS with one server by the JDK, for engines and for blocking sockets. Safe from any thread. */
final class JdkPeerContext implements PeerContext {

    private static final String[] PROTOCOLS = ClientTls.VERSIONS.toArray(String[]::new);

    private final ClientTlsConfig config;
    private final String host;
    private final int port;
    private final SSLContext context;

    /** @param host the name sent as SNI and, if servers are verified, required in their certificates */
    JdkPeerContext(ClientTlsConfig config, String host, int port, Optional<Certified> certificate,
                   X509ExtendedTrustManager trust) throws GeneralSecurityException {
        this.config = config;
        this.host = host;
        this.port = port;
        context = SSLContext.getInstance("TLS", "SunJSSE");
        KeyManager[] keys = certificate.map(one -> new KeyManager[] {new OneKey(one)}).orElse(new KeyManager[0]);
        context.init(keys, new TrustManager[] {trust}, null);
    }

    @Override
    public SSLEngine newEngine() {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(settled(engine.getSSLParameters()));
        return engine;
    }

    /** A TLS socket over a blocking connection; its handshake has not begun. */
    SSLSocket over(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
        socket.setSSLParameters(settled(socket.getSSLParameters()));
        return socket;
    }

    private SSLParameters settled(SSLParameters parameters) {
        parameters.setProtocols(PROTOCOLS);
        if (config.verify()) {
            // RFC 9110, section 4.3.4: the name is compared with those in the certificate.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (!config.alpn().isEmpty()) {
            parameters.setApplicationProtocols(config.alpn().toArray(String[]::new));
        }
        return parameters;
    }

    /** Offers the one certificate to every server that asks for one of its key type. */
    private static final class OneKey extends ChoosingKeyManager {

        private static final String ALIAS = "own";

        private final Certified certified;

        OneKey(Certified certified) {
            this.certified = certified;
        }

        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return choose(keyTypes);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return choose(keyTypes);
        }

        private String choose(String[] keyTypes) {
            return Arrays.asList(keyTypes).contains(certified.keyType()) ? ALIAS : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return certified.chain();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return certified.identity().key();
        }
    }
}
