package io.sluice.core.tls;

import io.sluice.config.CertificateConfig;
import io.sluice.config.Endpoint;
import io.sluice.config.Rate;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import io.sluice.config.pem.RevocationList;
import io.sluice.config.pem.TicketKeys;
import io.sluice.core.loop.Pace;
import io.sluice.core.net.TlsEngines;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of one listener: makes the engines for its clients. All workers share it, including sessions and ticket keys. Its
 * files can be read again at run time, and ticket keys of its own are rotated.
 *
 * <p>Engines can be made on any thread; the rest is for one thread of the control plane at a time.
 */
public final class ServerTls implements TlsEngines, CertificateUser {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final String name;
    private final ServerTlsConfig config;
    private final TlsLibrary library;
    /** Empty if this process makes the ticket keys by itself. */
    private final Optional<Path> keyFile;
    private final Pace pace;
    private final ServerEngines engines;
    private volatile ServerEngines.Material material;
    private FileStamps lastRead;
    private Instant rotation;

    /**
     * Reads all files.
     *
     * @param name of the listener, for logs and for sessions, which are valid for that name only
     */
    public ServerTls(String name, ServerTlsConfig config, TlsLibrary library)
            throws PemException, GeneralSecurityException {
        this.name = name;
        this.config = config;
        this.library = library;
        keyFile = config.session().ticketKeyFile().filter(_ -> library == TlsLibrary.BORINGSSL);
        if (config.session().ticketKeyFile().isPresent() && keyFile.isEmpty()) {
            LOG.warn("listener {} shares no keys of tickets with other hosts: the JDK's TLS takes none", name);
        }
        pace = new Pace(Rate.perSecond(config.handshakesPerSecond()), System.nanoTime());
        engines = library.servers(config);
        readWith(TicketKeys.random());
        rotation = Instant.now().plus(config.session().ticketRotation());
    }

    @Override
    public SSLEngine newEngine(Endpoint peer) {
        return engines.newEngine();
    }

    @Override
    public long handshakeDelayNs(long nowNs) {
        return pace.delayNs(nowNs, handshakeTimeoutNs());
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
        return material.certificates().all().stream().map(Certified::identity).toList();
    }

    @Override
    public List<RevocationList> revocations() {
        return material.rules().revocations();
    }

    @Override
    public List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (CertificateConfig certificate : config.certificates()) {
            files.addAll(CertificateUser.filesOf(certificate));
        }
        config.clientAuth().ifPresent(auth -> {
            files.add(auth.ca());
            auth.crl().ifPresent(files::add);
        });
        keyFile.ifPresent(files::add);
        return files;
    }

    @Override
    public FileStamps lastRead() {
        return lastRead;
    }

    @Override
    public void reload() throws PemException, GeneralSecurityException {
        readWith(material.keys());
    }

    /** @param own ticket keys, used if there is no file of them */
    private void readWith(TicketKeys own) throws PemException, GeneralSecurityException {
        lastRead = FileStamps.of(files());
        use(new ServerEngines.Material(CertificateStore.load(config, library),
                ClientRules.of(name, config.clientAuth()), keyFile.isPresent() ? TicketKeys.read(keyFile.get()) : own));
    }

    private void use(ServerEngines.Material next) throws GeneralSecurityException {
        engines.use(next);
        material = next;
    }

    /** Rotates ticket keys of its own when they are due. */
    @Override
    public void onTime(Instant now) throws GeneralSecurityException {
        Instant next = now.plus(config.session().ticketRotation());
        if (next.isBefore(rotation)) {
            // The clock has been set back, perhaps by years after a boot with a wrong one.
            rotation = next;
        }
        if (keyFile.isEmpty() && !now.isBefore(rotation)) {
            rotation = next;
            use(new ServerEngines.Material(material.certificates(), material.rules(), material.keys().next()));
        }
    }
}
