package io.sluice.core.tls;

import io.sluice.config.CipherSuite;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.ServerTlsConfig.ClientAuth;
import io.sluice.config.ServerTlsConfig.Sessions;
import io.sluice.config.TlsVersion;
import io.sluice.core.tls.boring.BoringContext;
import io.sluice.core.tls.boring.BoringServerContext;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;

/**
 * A listener's engines by BoringSSL. A context is kept as long as the rules for clients stay the same.
 *
 * <p>Engines can be made on any thread; the rest is for one thread at a time.
 */
final class BoringServerEngines implements ServerEngines {

    private final ServerTlsConfig config;
    private volatile Current current;

    private record Current(Material material, BoringServerContext context) { }

    BoringServerEngines(ServerTlsConfig config) {
        this.config = config;
    }

    @Override
    public SSLEngine newEngine() {
        return current.context.newEngine();
    }

    @Override
    public void use(Material material) throws GeneralSecurityException {
        Current before = current;
        boolean sameRules = before != null && Arrays.equals(before.material.rules().id(), material.rules().id());
        BoringServerContext context = sameRules ? before.context : newContext(material.rules());
        context.ticketKeys(material.keys().keys());
        current = new Current(material, context);
    }

    private BoringServerContext newContext(ClientRules rules) throws GeneralSecurityException {
        Sessions sessions = config.session();
        BoringContext.Settings settings = new BoringContext.Settings(TlsVersion.from(config.minVersion()), ciphers(),
                config.alpn(), rules.trust());
        BoringServerContext context = new BoringServerContext(settings,
                name -> current.material.certificates().find(name).credentials(),
                new BoringServerContext.Sessions(rules.id(), sessions.cacheSize(),
                        sessions.ticketRotation().multipliedBy(2), sessions.tickets()));
        if (config.clientAuth().isPresent()) {
            context.askForCertificates(config.clientAuth().get().mode() == ClientAuth.Mode.REQUIRE,
                    List.of(rules.trust().getAcceptedIssuers()));
        }
        return context;
    }

    private List<String> ciphers() {
        return config.ciphers().stream().map(CipherSuite::openSslName).toList();
    }
}
