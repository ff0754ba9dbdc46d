package io.sluice.core.tls;

import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what TLS needs fresh: takes up certificates when their files change, replaces the keys of tickets in time, and
 * warns before anything expires. Files are looked at every other second. They count as changed once they stay the same
 * for that long, so that a chain is not read without the key that is written after it.
 *
 * <p>Safe from any thread.
 */
public final class CertificateKeeper implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(CertificateKeeper.class);

    private final Map<CertificateUser, Watched> users = new LinkedHashMap<>();
    private final ExpiryWarnings warnings = new ExpiryWarnings();
    private Thread thread;

    /** What is known of a user's files: as they were when they were read last, and as they were seen last. */
    private static final class Watched {
        private Map<Path, Optional<Stamp>> read;
        private Map<Path, Optional<Stamp>> seen;
        /** Whether what was read last could not be used. */
        private boolean refused;

        Watched(Map<Path, Optional<Stamp>> now) {
            read = now;
            seen = now;
        }
    }

    /** By what a file's change is noticed; the key changes with a link, too. */
    private record Stamp(long modifiedMs, long sizeBytes, Object key) { }

    /** Begins to look. */
    public void start() {
        thread = Thread.ofVirtual().name("certificates").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                poll(Instant.now());
            }
        } catch (InterruptedException e) {
            LOG.debug("certificates are no longer looked after");
        }
    }

    /** What these use is looked after from now on, and what others used is no longer. Who is known stays as it is. */
    public synchronized void keep(Collection<? extends CertificateUser> current) {
        users.keySet().retainAll(current);
        for (CertificateUser user : current) {
            users.computeIfAbsent(user, one -> new Watched(stamps(one)));
        }
    }

    /** One look at everything. */
    synchronized void poll(Instant now) {
        users.forEach((user, watched) -> {
            try {
                look(user, watched);
                user.onTime(now);
            } catch (GeneralSecurityException | PemException | RuntimeException e) {
                LOG.error("the keys of tickets of {} are not replaced", user.owner(), e);
            }
        });
        warnings.check(expiries(), now);
    }

    /** Takes up all files now, for who does not want to wait for it. */
    public synchronized void reloadAll() {
        users.forEach((user, watched) -> {
            Map<Path, Optional<Stamp>> now = stamps(user);
            if (!now.equals(watched.read)) {
                reload(user, watched, now);
            }
        });
    }

    /** All certificates that are shown to peers. */
    public synchronized List<CertificateExpiry> expiries() {
        List<CertificateExpiry> expiries = new ArrayList<>();
        users.forEach((user, watched) -> {
            for (Identity identity : user.identities()) {
                expiries.add(new CertificateExpiry(user.owner(), subject(identity), identity.notAfter(),
                        watched.refused));
            }
        });
        return expiries.stream().distinct().toList();
    }

    private static String subject(Identity identity) {
        String subject = identity.certificate().getSubjectX500Principal().getName();
        return subject.isEmpty() ? String.join(",", identity.names()) : subject;
    }

    private static void look(CertificateUser user, Watched watched) {
        Map<Path, Optional<Stamp>> now = stamps(user);
        boolean atRest = now.equals(watched.seen);
        watched.seen = now;
        if (atRest && !now.equals(watched.read)) {
            reload(user, watched, now);
        }
    }

    /** If it fails, the next change is awaited. */
    private static void reload(CertificateUser user, Watched watched, Map<Path, Optional<Stamp>> now) {
        watched.read = now;
        watched.seen = now;
        watched.refused = true;
        try {
            user.reload();
            watched.refused = false;
            LOG.info("certificates of {} are read anew", user.owner());
        } catch (PemException | GeneralSecurityException e) {
            LOG.error("certificates of {} stay as they were: {}", user.owner(), e.getMessage());
        }
    }

    private static Map<Path, Optional<Stamp>> stamps(CertificateUser user) {
        Map<Path, Optional<Stamp>> stamps = new HashMap<>();
        for (Path file : user.files()) {
            stamps.put(file, stamp(file));
        }
        return stamps;
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Stamp(attributes.lastModifiedTime().toMillis(), attributes.size(),
                    attributes.fileKey()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
