package io.sluice.core.tls;

import io.sluice.config.CipherSuite;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.TlsVersion;
import java.security.GeneralSecurityException;
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
 * A listener's engines by the JDK. The JDK makes ticket keys by itself, for each context, so new keys need a new
 * context. If clients show certificates, every change needs one.
 *
 * <p>Engines can be made on any thread; the rest is for one thread at a time.
 */
final class JdkServerEngines implements ServerEngines {

    private static final List<String> SUITES_OF_TLS_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private final ServerTlsConfig config;
    private final String[] protocols;
    private final BiFunction<SSLEngine, List<String>, String> protocolSelector;
    private ServerKeyManager keys;
    private volatile Current current;

    /** What every engine gets. */
    private record Current(Material material, SSLContext context, String[] suites, List<SNIMatcher> names) { }

    JdkServerEngines(ServerTlsConfig config) {
        this.config = config;
        protocols = TlsVersion.from(config.minVersion()).toArray(String[]::new);
        protocolSelector = (_, offered) -> select(config.alpn(), offered);
    }

    @Override
    public SSLEngine newEngine() {
        Current now = current;
        SSLEngine engine = now.context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols);
        parameters.setCipherSuites(now.suites);
        parameters.setUseCipherSuitesOrder(true);
        parameters.setSNIMatchers(now.names);
        config.clientAuth().ifPresent(auth -> demandCertificate(parameters, auth.mode()));
        engine.setSSLParameters(parameters);
        if (!config.alpn().isEmpty()) {
            engine.setHandshakeApplicationProtocolSelector(protocolSelector);
        }
        return engine;
    }

    private static void demandCertificate(SSLParameters parameters, ClientAuth.Mode mode) {
        if (mode == ClientAuth.Mode.REQUIRE) {
            parameters.setNeedClientAuth(true);
        } else {
            parameters.setWantClientAuth(true);
        }
    }

    @Override
    public void use(Material material) throws GeneralSecurityException {
        CertificateStore certificates = material.certificates();
        if (keys == null) {
            keys = new ServerKeyManager(certificates);
        }
        boolean goesOn = current != null && current.material.keys() == material.keys()
                && config.clientAuth().isEmpty();
        SSLContext context = goesOn ? current.context : newContext(material.rules());
        Current next = new Current(material, context, suites(certificates), List.of(new KnownNames(keys)));
        keys.replace(certificates);
        current = next;
    }

    private SSLContext newContext(ClientRules rules) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(new KeyManager[] {keys}, new TrustManager[] {rules.trust()}, null);
        context.getServerSessionContext().setSessionCacheSize(config.session().cacheSize());
        context.getServerSessionContext().setSessionTimeout(
                Math.clamp(config.session().ticketRotation().toSeconds(), 1, Integer.MAX_VALUE));
        return context;
    }

    /** The cipher suites for the kinds of keys that the certificates have. */
    private String[] suites(CertificateStore store) {
        List<CipherSuite> wanted = config.ciphers().isEmpty() ? CipherSuite.INTERMEDIATE : config.ciphers();
        Stream<String> ofKeys = wanted.stream().map(CipherSuite::name)
                .filter(suite -> suite.contains("_ECDSA_") ? store.hasEc() : store.hasRsa());
        return Stream.concat(SUITES_OF_TLS_1_3.stream(), ofKeys).toArray(String[]::new);
    }

    /** The protocol to use; with an empty one the handshake goes on without. */
    private static String select(List<String> known, List<String> offered) {
        for (String protocol : known) {
            if (offered.contains(protocol)) {
                return protocol;
            }
        }
        return "";
    }

    /** Has the engine reject unknown names with the alert unrecognized_name. */
    private static final class KnownNames extends SNIMatcher {

        private final ServerKeyManager keys;

        KnownNames(ServerKeyManager keys) {
            super(StandardConstants.SNI_HOST_NAME);
            this.keys = keys;
        }

        @Override
        public boolean matches(SNIServerName name) {
            return !(name instanceof SNIHostName host) || keys.serves(host.getAsciiName());
        }
    }
}
