package io.sluice.core.tls;

import io.sluice.config.pem.Identity;
import io.sluice.config.pem.PemException;
import io.sluice.config.pem.RevocationList;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps certificates and ticket keys fresh: reloads files when they change, has ticket keys rotated, and warns before
 * certificates expire and lists of revoked ones are out of date. Polls files every two seconds. Changed files are read
 * only once they stay the same for that long, so that a chain is not read before its key is written.
 *
 * <p>Safe from any thread.
 */
public final class CertificateKeeper implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(CertificateKeeper.class);

    private final Map<CertificateUser, Watched> users = new LinkedHashMap<>();
    private final ExpiryWarnings warnings = new ExpiryWarnings();
    private final RevocationWarnings revocationWarnings = new RevocationWarnings();
    private Thread thread;

    /** What is known of a user's files. */
    private static final class Watched {

        /** The files as seen last. */
        private FileStamps seen;
        /** Whether the files as read last could not be used. */
        private boolean refused;

        Watched(FileStamps now) {
            seen = now;
        }
    }

    /** Begins polling. */
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

    /** Replaces the users whose files are looked after. Users that stay keep their state. */
    public synchronized void keep(Collection<? extends CertificateUser> current) {
        users.keySet().retainAll(current);
        for (CertificateUser user : current) {
            users.computeIfAbsent(user, one -> new Watched(FileStamps.of(one.files())));
        }
    }

    /** Polls all files once. */
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
        revocationWarnings.check(revocations(now), now);
    }

    /** Reloads all changed files now, without waiting until they stay the same. */
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
        Set<CertificateExpiry> expiries = new LinkedHashSet<>();
        users.forEach((user, watched) -> {
            for (Identity identity : user.identities()) {
                expiries.add(new CertificateExpiry(user.owner(), subject(identity), identity.notAfter(),
                        watched.refused));
            }
        });
        return List.copyOf(expiries);
    }

    /** The lists of revoked certificates that peers are refused by, one of each authority. */
    synchronized List<RevocationWarnings.Used> revocations(Instant now) {
        List<RevocationWarnings.Used> lists = new ArrayList<>();
        users.keySet().forEach(user -> RevocationList.latest(user.revocations(), now)
                .forEach(list -> lists.add(new RevocationWarnings.Used(user.owner(), list))));
        return lists;
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

    /** After a failure, the files are read again only when they change again. */
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
