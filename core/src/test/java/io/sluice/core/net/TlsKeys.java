package io.sluice.core.net;

import io.sluice.config.Endpoint;
import io.sluice.core.tls.boring.BoringClientContext;
import io.sluice.core.tls.boring.BoringContext;
import io.sluice.core.tls.boring.BoringServerContext;
import io.sluice.core.tls.boring.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** A key with a certificate that signs itself, for 127.0.0.1, and contexts that have and trust it. */
public final class TlsKeys {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String ALIAS = "server";
    private static final TlsKeys EC = create("EC");

    private final KeyStore store;

    private TlsKeys(KeyStore store) {
        this.store = store;
    }

    /** Whose engines. */
    public enum Maker { JDK, BORINGSSL }

    public static TlsKeys ec() {
        return EC;
    }

    static TlsKeys create(String algorithm) {
        try {
            Path directory = Files.createTempDirectory("keys");
            Path file = directory.resolve("keys.p12");
            Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair", "-alias", ALIAS, "-keyalg", algorithm, "-dname", "CN=test", "-ext",
                    "san=ip:127.0.0.1", "-ext", "bc=ca:true", "-storetype", "PKCS12", "-keystore", file.toString(),
                    "-storepass", new String(PASSWORD)).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (keytool.onExit().join().exitValue() != 0) {
                throw new IOException("keytool failed");
            }
            KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
            Files.delete(file);
            Files.delete(directory);
            return new TlsKeys(store);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("keytool makes keys", e);
        }
    }

    /** The JDK's. */
    public SSLContext context() {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
            keys.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), new TrustManager[] {trust()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has these", e);
        }
    }

    private X509ExtendedTrustManager trust() throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return (X509ExtendedTrustManager) trust.getTrustManagers()[0];
    }

    private BoringContext.Settings settings(String... versions) throws GeneralSecurityException {
        return new BoringContext.Settings(List.of(versions), List.of(), List.of(), trust());
    }

    private Credential credential() throws GeneralSecurityException {
        return Credential.of(List.of((X509Certificate) store.getCertificate(ALIAS)),
                (PrivateKey) store.getKey(ALIAS, PASSWORD));
    }

    /** Engines that take the server's part. */
    public TlsEngines servers(Maker maker) {
        return servers(maker, "TLSv1.2", "TLSv1.3");
    }

    public TlsEngines servers(Maker maker, String... versions) {
        return switch (maker) {
            case JDK -> {
                SSLContext context = context();
                yield engines(10_000, () -> settled(context.createSSLEngine(), false, versions));
            }
            case BORINGSSL -> engines(10_000, boringServer(versions)::newEngine);
        };
    }

    private BoringServerContext boringServer(String... versions) {
        try {
            List<Credential> credentials = List.of(credential());
            return new BoringServerContext(settings(versions), _ -> credentials,
                    new BoringServerContext.Sessions(new byte[1], 100, Duration.ofHours(1), true));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("the library knows such keys", e);
        }
    }

    /** Engines that take the client's part and trust nobody else. */
    public TlsEngines clients(Maker maker) {
        return clients(maker, "TLSv1.2", "TLSv1.3");
    }

    public TlsEngines clients(Maker maker, String... versions) {
        return switch (maker) {
            case JDK -> {
                SSLContext context = context();
                yield engines(10_000, () -> settled(context.createSSLEngine("127.0.0.1", 1), true, versions));
            }
            case BORINGSSL -> engines(10_000, boringClient("127.0.0.1", versions)::newEngine);
        };
    }

    /** BoringSSL's that ask for this name. */
    public TlsEngines clients(String serverName) {
        return engines(10_000, boringClient(serverName, "TLSv1.3")::newEngine);
    }

    private BoringClientContext boringClient(String host, String... versions) {
        try {
            return new BoringClientContext(settings(versions), host, 1, false, Optional.empty());
        } catch (GeneralSecurityException e) {
            throw new AssertionError("the library knows such settings", e);
        }
    }

    private static SSLEngine settled(SSLEngine engine, boolean asClient, String... versions) {
        engine.setUseClientMode(asClient);
        engine.setEnabledProtocols(versions);
        return engine;
    }

    /** Engines of either side whose handshakes have a time limit. */
    public static TlsEngines engines(long timeoutMs, Supplier<SSLEngine> maker) {
        return new TlsEngines() {
            @Override
            public SSLEngine newEngine(Endpoint peer) {
                return maker.get();
            }

            @Override
            public long handshakeTimeoutNs() {
                return TimeUnit.MILLISECONDS.toNanos(timeoutMs);
            }
        };
    }
}
