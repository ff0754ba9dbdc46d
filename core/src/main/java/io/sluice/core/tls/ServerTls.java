package io.sluice.core.tls;

import io.sluice.config.CertificateConfig;
import io.sluice.config.Endpoint;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
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
 * TLS of one listener: makes the engines for its clients. All workers share it, and with it sessions and the keys of
 * tickets. Its files are read anew under way, and its own keys of tickets replaced in time.
 *
 * <p>Engines may be had from any thread; the rest is for one thread of the control plane at a time.
 */
public final class ServerTls implements TlsEngines, CertificateUser {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final String name;
    private final ServerTlsConfig config;
    private final TlsLibrary library;
    /** Empty: the keys of tickets are the process's own. */
    private final Optional<Path> keyFile;
    private final Pace pace;
    private final ServerEngines engines;
    private volatile ServerEngines.Material material;
    private FileStamps lastRead;
    private Instant rotation;

    /**
     * Reads all files.
     *
     * @param name of the listener, for logs and for sessions, which are good for that name alone
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
        pace = new Pace(config.handshakesPerSecond(), System.nanoTime());
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

    /** @param own keys of tickets, if there is no file of them */
    private void readWith(TicketKeys own) throws PemException, GeneralSecurityException {
        lastRead = FileStamps.of(files());
        use(new ServerEngines.Material(CertificateStore.load(config, library),
                ClientRules.of(name, config.clientAuth()), keyFile.isPresent() ? TicketKeys.read(keyFile.get()) : own));
    }

    private void use(ServerEngines.Material next) throws GeneralSecurityException {
        engines.use(next);
        material = next;
    }

    /** Replaces an own key of tickets when its time is over. */
    @Override
    public void onTime(Instant now) throws GeneralSecurityException {
        if (keyFile.isEmpty() && !now.isBefore(rotation)) {
            rotation = now.plus(config.session().ticketRotation());
            use(new ServerEngines.Material(material.certificates(), material.rules(), material.keys().next()));
        }
    }
}
