package io.sluice.core.net;

import io.sluice.config.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.conscrypt.Conscrypt;

/** A key with a certificate that signs itself, for 127.0.0.1, and contexts that have and trust it. */
public final class TlsKeys {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Provider CONSCRYPT = Conscrypt.newProvider();
    private static final TlsKeys EC = create("EC");

    private final KeyStore store;

    private TlsKeys(KeyStore store) {
        this.store = store;
    }

    /** Whose engines. */
    public enum Maker { JDK, CONSCRYPT }

    public static TlsKeys ec() {
        return EC;
    }

    static TlsKeys create(String algorithm) {
        try {
            Path directory = Files.createTempDirectory("keys");
            Path file = directory.resolve("keys.p12");
            Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair", "-alias", "server", "-keyalg", algorithm, "-dname", "CN=test", "-ext",
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

    public SSLContext context(Maker maker) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
            keys.init(store, PASSWORD);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = maker == Maker.JDK ? SSLContext.getInstance("TLS")
                    : SSLContext.getInstance("TLS", CONSCRYPT);
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has these", e);
        }
    }

    /** Engines that take the server's part. @param settings what else there is to say to each */
    public TlsEngines servers(Maker maker, Consumer<SSLEngine> settings) {
        SSLContext context = context(maker);
        return engines(10_000, () -> {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            settings.accept(engine);
            return engine;
        });
    }

    /** Engines that take the client's part and trust nobody else. */
    public TlsEngines clients(Maker maker, Consumer<SSLEngine> settings) {
        SSLContext context = context(maker);
        return engines(10_000, () -> {
            SSLEngine engine = context.createSSLEngine("127.0.0.1", 1);
            engine.setUseClientMode(true);
            settings.accept(engine);
            return engine;
        });
    }

    static TlsEngines engines(long timeoutMs, Supplier<SSLEngine> maker) {
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
