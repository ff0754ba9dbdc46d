package io.sluice.core.tls;

import io.sluice.config.ClientTlsConfig;
import io.sluice.config.Endpoint;
import io.sluice.config.TlsVersion;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.tls.boring.BoringClientContext;
import io.sluice.core.tls.boring.BoringContext;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS of one pool: makes the engines for connections to its servers. All workers share it, including the sessions that
 * connections resume. Each server has a context of its own, as libraries find sessions by server name, which all
 * servers may share.
 *
 * <p>Engines can be made on any thread; the rest is for one thread of the control plane at a time.
 */
public final class ClientTls implements TlsEngines, CertificateUser {

    static final List<String> VERSIONS = TlsVersion.from(TlsVersion.TLS_1_2);

    private final String name;
    private final ClientTlsConfig config;
    private final TlsLibrary library;
    private final long handshakeTimeoutNs;
    private volatile Setup setup;
    private FileStamps lastRead;

    /** What contexts are made from, and the contexts made so far. */
    private record Setup(Optional<Certified> certificate, X509ExtendedTrustManager trust,
                         Map<Endpoint, PeerContext> contexts) { }

    /**
     * Reads all files.
     *
     * @param name             of the pool, for logs
     * @param handshakeTimeout the pool's connect timeout, which the connection attempt shares
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
        return context(peer).newEngine();
    }

    @Override
    public long handshakeTimeoutNs() {
        return handshakeTimeoutNs;
    }

    public ClientTlsConfig config() {
        return config;
    }

    /**
     * Performs the handshake on a blocking connection, such as that of a health check. Only with the JDK's library.
     *
     * @param plain its read timeout holds for each step
     */
    public Socket secure(Socket plain, Endpoint peer) throws IOException {
        SSLSocket socket = over(plain, peer);
        socket.startHandshake();
        return socket;
    }

    /** The same for a caller that begins the handshake itself. */
    public SSLSocket over(Socket plain, Endpoint peer) throws IOException {
        return ((JdkPeerContext) context(peer)).over(plain);
    }

    private PeerContext context(Endpoint peer) {
        Setup current = setup;
        PeerContext context = current.contexts.get(peer);
        return context != null ? context : current.contexts.computeIfAbsent(peer, _ -> newContext(peer, current));
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
    public FileStamps lastRead() {
        return lastRead;
    }

    @Override
    public void reload() throws PemException, GeneralSecurityException {
        lastRead = FileStamps.of(files());
        Optional<Certified> certificate = Optional.empty();
        if (config.clientCertificate().isPresent()) {
            Identity identity = Identity.load(config.clientCertificate().get(), Instant.now());
            certificate = Optional.of(Certified.of(identity, library));
        }
        X509ExtendedTrustManager trust = config.verify() ? Trust.in(config.ca()) : Trust.EVERYBODY;
        setup = new Setup(certificate, trust, new ConcurrentHashMap<>());
    }

    private PeerContext newContext(Endpoint peer, Setup current) {
        String host = config.serverName().orElse(peer.host());
        try {
            return switch (library) {
                case BORINGSSL -> new BoringClientContext(
                        new BoringContext.Settings(VERSIONS, List.of(), config.alpn(), current.trust), host,
                        peer.port(), config.verify(), current.certificate.map(Certified::credential))::newEngine;
                case JDK -> new JdkPeerContext(config, host, peer.port(), current.certificate, current.trust);
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the library made such a context before", e);
        }
    }
}
