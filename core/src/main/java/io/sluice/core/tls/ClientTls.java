package io.sluice.core.tls;

import io.sluice.config.ClientTlsConfig;
import io.sluice.config.Endpoint;
import io.sluice.config.TlsVersion;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import io.sluice.core.net.TlsEngines;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * TLS of one pool: makes the engines for connections to its servers. All workers share it, and with it the sessions
 * that are taken up again. Each server has a context of its own, as libraries know sessions by the name that was asked
 * for, and all servers may have the same.
 *
 * <p>Engines may be had from any thread; the rest is for one thread of the control plane at a time.
 */
public final class ClientTls implements TlsEngines, CertificateUser {

    private static final String[] PROTOCOLS =
            Arrays.stream(TlsVersion.values()).map(TlsVersion::protocol).toArray(String[]::new);

    private final String name;
    private final ClientTlsConfig config;
    private final TlsLibrary library;
    private final long handshakeTimeoutNs;
    private volatile Setup setup;

    /** What every context gets, and the contexts there are. */
    private record Setup(Optional<Certified> certificate, TrustManager trust, Map<Endpoint, SSLContext> contexts) { }

    /**
     * Reads all files.
     *
     * @param name of the pool, for logs
     */
    public ClientTls(String name, ClientTlsConfig config, Duration handshakeTimeout, TlsLibrary library)
            throws PemException, GeneralSecurityException {
        this.name = name;
        this.config = config;
        this.library = library;
        handshakeTimeoutNs = handshakeTimeout.toNanos();
        reload();
    }

    @Override
    public SSLEngine newEngine(Endpoint peer) {
        SSLEngine engine = context(peer).createSSLEngine(config.serverName().orElse(peer.host()), peer.port());
        engine.setUseClientMode(true);
        engine.setSSLParameters(settled(engine.getSSLParameters()));
        library.useTickets(engine, true);
        return engine;
    }

    @Override
    public long handshakeTimeoutNs() {
        return handshakeTimeoutNs;
    }

    public ClientTlsConfig config() {
        return config;
    }

    /**
     * Shakes hands on a connection that blocks, such as that of a health check. For the JDK's library.
     *
     * @param plain whose timeout holds for each step
     */
    public Socket secure(Socket plain, Endpoint peer) throws IOException {
        SSLSocket socket = over(plain, peer);
        socket.startHandshake();
        return socket;
    }

    /** The same for a caller that begins the handshake itself. */
    public SSLSocket over(Socket plain, Endpoint peer) throws IOException {
        SSLSocket socket = (SSLSocket) context(peer).getSocketFactory()
                .createSocket(plain, config.serverName().orElse(peer.host()), peer.port(), true);
        socket.setSSLParameters(settled(socket.getSSLParameters()));
        return socket;
    }

    private SSLContext context(Endpoint peer) {
        Setup current = setup;
        SSLContext context = current.contexts.get(peer);
        return context != null ? context : current.contexts.computeIfAbsent(peer, _ -> newContext(current));
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

    @Override
    public String owner() {
        return "pool " + name;
    }

    @Override
    public List<Identity> identities() {
        return setup.certificate.map(Certified::identity).stream().toList();
    }

    @Override
    public List<Path> files() {
        List<Path> files = new ArrayList<>();
        config.ca().ifPresent(files::add);
        config.clientCertificate().ifPresent(pair -> files.addAll(CertificateUser.filesOf(pair)));
        return files;
    }

    @Override
    public void reload() throws PemException, GeneralSecurityException {
        Optional<Certified> certificate = Optional.empty();
        if (config.clientCertificate().isPresent()) {
            Identity identity = Identity.load(config.clientCertificate().get(), Instant.now());
            certificate = Optional.of(Certified.of(identity, library));
        }
        setup = new Setup(certificate, trust(), new ConcurrentHashMap<>());
    }

    private TrustManager trust() throws PemException, GeneralSecurityException {
        if (!config.verify()) {
            return Trust.EVERYBODY;
        }
        return config.ca().isPresent() ? Trust.in(config.ca().get(), Optional.empty()) : Trust.inUsual();
    }

    private SSLContext newContext(Setup current) {
        try {
            SSLContext context = library.newContext();
            KeyManager[] keys = current.certificate.map(one -> new KeyManager[] {new OneKey(one)})
                    .orElse(new KeyManager[0]);
            context.init(keys, new TrustManager[] {current.trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the library made such a context before", e);
        }
    }

    /** Shows servers that ask the one certificate there is; they judge. */
    private static final class OneKey extends X509ExtendedKeyManager {

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
            return certified.key();
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
