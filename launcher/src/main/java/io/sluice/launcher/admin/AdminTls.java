package io.sluice.launcher.admin;

import io.sluice.config.CertificateConfig.Pair;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import io.sluice.core.tls.CertificateUser;
import io.sluice.core.tls.FileStamps;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The TLS of the admin address; takes up a changed certificate as listeners do. For one thread at a time. */
final class AdminTls implements CertificateUser {

    private static final char[] NO_PASSWORD = new char[0];

    private final Pair pair;
    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private FileStamps lastRead;
    private Identity identity;

    /** @throws IOException if the files hold no usable certificate and key */
    AdminTls(Pair pair) throws IOException {
        this.pair = pair;
        try {
            identity = load();
            factory.setSslContext(context(identity));
        } catch (PemException | GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Identity load() throws PemException {
        lastRead = FileStamps.of(files());
        return Identity.load(pair, Instant.now());
    }

    /** Makes the TLS engines of the server. */
    SslContextFactory.Server factory() {
        return factory;
    }

    @Override
    public String owner() {
        return "the admin address";
    }

    @Override
    public List<Path> files() {
        return CertificateUser.filesOf(pair);
    }

    @Override
    public FileStamps lastRead() {
        return lastRead;
    }

    @Override
    public List<Identity> identities() {
        return List.of(identity);
    }

    @Override
    public void reload() throws PemException, GeneralSecurityException {
        Identity next = load();
        SSLContext context = context(next);
        try {
            factory.reload(jetty -> ((SslContextFactory.Server) jetty).setSslContext(context));
        } catch (Exception e) {
            throw new GeneralSecurityException(e.getMessage(), e);
        }
        identity = next;
    }

    private static SSLContext context(Identity identity) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("admin", identity.key(), NO_PASSWORD, identity.chain().toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException e) {
            throw new GeneralSecurityException("an empty key store reads nothing", e);
        }
    }
}
