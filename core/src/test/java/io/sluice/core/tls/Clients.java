package io.sluice.core.tls;

import io.sluice.config.pem.TestAuthority;
import io.sluice.config.pem.TestIdentity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** A client of the JDK's, which remembers its sessions. Immutable. */
final class Clients {

    private final SSLContext context;

    private Clients(SSLContext context) {
        this.context = context;
    }

    static Clients trusting(TestAuthority root) throws GeneralSecurityException, IOException {
        return trusting(root, null);
    }

    /** @param identity that servers get if they ask; null: none */
    static Clients trusting(TestAuthority root, TestIdentity identity) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", root.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (identity != null) {
            own.setKeyEntry("own", identity.keys().getPrivate(), new char[0],
                    identity.chain().toArray(Certificate[]::new));
        }
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return new Clients(context);
    }

    static Clients trustingEveryone() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(null, new TrustManager[] {Trust.EVERYBODY}, null);
        return new Clients(context);
    }

    /** Asks for that name, or for none if it is null. */
    SSLEngine engine(String serverName) {
        SSLEngine engine = context.createSSLEngine("sluice.test", 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
        engine.setSSLParameters(parameters);
        return engine;
    }

    SSLEngine engine(String serverName, String protocol) {
        SSLEngine engine = engine(serverName);
        engine.setEnabledProtocols(new String[] {protocol});
        return engine;
    }
}
