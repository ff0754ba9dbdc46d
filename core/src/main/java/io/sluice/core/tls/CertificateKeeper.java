package io.sluice.core.tls;

import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** What is known of a user's files. */
    private static final class Watched {

        /** As they were seen last. */
        private FileStamps seen;
        /** Whether what was read last could not be used. */
        private boolean refused;

        Watched(FileStamps now) {
            seen = now;
        }
    }

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
            users.computeIfAbsent(user, one -> new Watched(FileStamps.of(one.files())));
        }
    }

    /** One look at everything. */
    synchronized void poll(Instant now) {
        users.forEach((user, watched) -> {
            try {
                look(user, watched);
                user.onTime(now);
            } catch (GeneralSecurityException | PemException | RuntimeException e) {
                LOG.error("what {} needs for TLS could not be looked after", user.owner(), e);
            }
        });
        warnings.check(expiries(), now);
    }

    /** Takes up all files now, for who does not want to wait for it. */
    public synchronized void reloadAll() {
        users.forEach((user, watched) -> {
            FileStamps now = FileStamps.of(user.files());
            if (!now.equals(user.lastRead())) {
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
        FileStamps now = FileStamps.of(user.files());
        boolean atRest = now.equals(watched.seen);
        watched.seen = now;
        if (atRest && !now.equals(user.lastRead())) {
            reload(user, watched, now);
        }
    }

    /** If it fails, the next change is awaited. */
    private static void reload(CertificateUser user, Watched watched, FileStamps now) {
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

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
