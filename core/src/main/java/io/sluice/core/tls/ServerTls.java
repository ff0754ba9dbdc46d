package io.sluice.core.tls;

import io.sluice.config.CertificateConfig;
import io.sluice.config.CipherSuite;
import io.sluice.config.Endpoint;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.ServerTlsConfig.UnknownSni;
import io.sluice.config.TlsVersion;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import io.sluice.core.net.TlsEngines;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;

/**
 * TLS of one listener: makes the engines for its clients. All workers share it, and with it sessions and the key of
 * tickets. Certificates are replaced under way; what is to hold for clients that come back, too, makes a new context,
 * so that none of their sessions outlives it.
 *
 * <p>Engines may be had from any thread; the rest is for one thread of the control plane at a time.
 */
public final class ServerTls implements TlsEngines, CertificateUser {

    private static final List<String> SUITES_OF_TLS_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private final String name;
    private final ServerTlsConfig config;
    private final TlsLibrary library;
    private final String[] protocols;
    private final BiFunction<SSLEngine, List<String>, String> protocolSelector;
    private final ServerKeyManager keys;
    private final List<SNIMatcher> names;
    private final HandshakeRate rate;
    private volatile Setup setup;
    private Instant rotation;

    /** What every engine gets. */
    private record Setup(SSLContext context, String[] suites, boolean helpsEngines) { }

    /**
     * Reads all files.
     *
     * @param name of the listener, for logs
     */
    public ServerTls(String name, ServerTlsConfig config, TlsLibrary library)
            throws PemException, GeneralSecurityException {
        this.name = name;
        this.config = config;
        this.library = library;
        protocols = Arrays.stream(TlsVersion.values()).filter(version -> version.compareTo(config.minVersion()) >= 0)
                .map(TlsVersion::protocol).toArray(String[]::new);
        rate = new HandshakeRate(config.handshakesPerSecond(), config.handshakeTimeout().toNanos());
        protocolSelector = (_, offered) -> select(config.alpn(), offered);
        CertificateStore store = CertificateStore.load(config, library);
        keys = new ServerKeyManager(store, library);
        names = library == TlsLibrary.JDK ? List.of(new KnownNames(keys)) : List.of();
        setup = setup(newContext(), store);
        rotation = Instant.now().plus(config.session().ticketRotation());
    }

    @Override
    public SSLEngine newEngine(Endpoint peer) {
        Setup current = setup;
        SSLEngine engine = current.context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols);
        parameters.setCipherSuites(current.suites);
        parameters.setUseCipherSuitesOrder(true);
        parameters.setSNIMatchers(names);
        config.clientAuth().ifPresent(auth -> demandCertificate(parameters, auth.mode()));
        engine.setSSLParameters(parameters);
        library.useTickets(engine, config.session().tickets());
        if (!config.alpn().isEmpty()) {
            engine.setHandshakeApplicationProtocolSelector(protocolSelector);
        }
        return current.helpsEngines ? new ServerEngine(engine, keys) : engine;
    }

    @Override
    public long handshakeDelayNs(long nowNs) {
        return rate.delayNs(nowNs);
    }

    @Override
    public long handshakeTimeoutNs() {
        return config.handshakeTimeout().toNanos();
    }

    public ServerTlsConfig config() {
        return config;
    }

    @Override
    public String owner() {
        return "listener " + name;
    }

    @Override
    public List<Identity> identities() {
        return keys.store().all().stream().map(Certified::identity).toList();
    }

    @Override
    public List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (CertificateConfig certificate : config.certificates()) {
            files.addAll(CertificateUser.filesOf(certificate));
        }
        files.addAll(trustFiles());
        return files;
    }

    private List<Path> trustFiles() {
        return config.clientAuth().map(auth -> Stream.concat(Stream.of(auth.ca()), auth.crl().stream()).toList())
                .orElse(List.of());
    }

    @Override
    public void reload() throws PemException, GeneralSecurityException {
        CertificateStore store = CertificateStore.load(config, library);
        // Those who come back with a session are not asked for their certificate again.
        SSLContext context = config.clientAuth().isPresent() ? newContext() : setup.context;
        Setup next = setup(context, store);
        keys.replace(store);
        setup = next;
    }

    /** Replaces the key of tickets when its time is over. */
    @Override
    public void onTime(Instant now) throws PemException, GeneralSecurityException {
        if (!now.isBefore(rotation)) {
            rotation = now.plus(config.session().ticketRotation());
            setup = setup(newContext(), keys.store());
        }
    }

    private Setup setup(SSLContext context, CertificateStore store) {
        boolean chooses = store.hasRsa() && store.hasEc() || config.unknownSni() == UnknownSni.REJECT;
        return new Setup(context, suites(store), chooses && library == TlsLibrary.CONSCRYPT);
    }

    private SSLContext newContext() throws PemException, GeneralSecurityException {
        SSLContext context = library.newContext();
        TrustManager[] trust = {config.clientAuth().isPresent() ? clientTrust(config.clientAuth().get())
                : Trust.NOBODY};
        context.init(new KeyManager[] {keys}, trust, null);
        context.getServerSessionContext().setSessionCacheSize(config.session().cacheSize());
        context.getServerSessionContext().setSessionTimeout(
                Math.clamp(config.session().ticketRotation().toSeconds(), 1, Integer.MAX_VALUE));
        return context;
    }

    private static TrustManager clientTrust(ClientAuth auth) throws PemException, GeneralSecurityException {
        return Trust.in(auth.ca(), auth.crl());
    }

    private static void demandCertificate(SSLParameters parameters, ClientAuth.Mode mode) {
        if (mode == ClientAuth.Mode.REQUIRE) {
            parameters.setNeedClientAuth(true);
        } else {
            parameters.setWantClientAuth(true);
        }
    }

    /**
     * Those of the kinds of keys that there are. Conscrypt always adds those of TLS 1.3, and finds no certificate
     * without any of TLS 1.2, even if that is not spoken.
     */
    private String[] suites(CertificateStore store) {
        List<CipherSuite> wanted = config.ciphers().isEmpty() ? CipherSuite.INTERMEDIATE : config.ciphers();
        Stream<String> ofKeys = wanted.stream().map(CipherSuite::name)
                .filter(suite -> suite.contains("_ECDSA_") ? store.hasEc() : store.hasRsa());
        Stream<String> all = library == TlsLibrary.JDK ? Stream.concat(SUITES_OF_TLS_1_3.stream(), ofKeys) : ofKeys;
        return all.toArray(String[]::new);
    }

    /** The empty word goes on without a protocol. */
    private static String select(List<String> known, List<String> offered) {
        for (String protocol : known) {
            if (offered.contains(protocol)) {
                return protocol;
            }
        }
        return "";
    }

    /** By which the JDK's engine says that it is the name which is rejected; {@link ServerEngine} does for others. */
    private static final class KnownNames extends SNIMatcher {

        private final ServerKeyManager keys;

        KnownNames(ServerKeyManager keys) {
            super(StandardConstants.SNI_HOST_NAME);
            this.keys = keys;
        }

        @Override
        public boolean matches(SNIServerName name) {
            return !(name instanceof SNIHostName host) || keys.store().serves(host.getAsciiName());
        }
    }
}
