package io.sluice.launcher.control;

import io.sluice.config.AccessLogConfig;
import io.sluice.config.SessionLogConfig;
import io.sluice.core.log.LogRecord;
import io.sluice.core.log.LogRing;
import io.sluice.core.log.LogWriter;
import io.sluice.core.log.SessionRecord;
import io.sluice.l7.log.AccessLog;
import io.sluice.l7.log.AccessRecord;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The rings from services to logs. Successive services of one listener on one worker share a ring as long as the
 * listener's log configuration stays the same. The ring ends with the last of these services, and a log is closed with
 * its last ring. Safe from any thread.
 */
final class LogRings {

    private final LogWriter writer;
    private final Map<Key, Shared> rings = new HashMap<>();

    LogRings(LogWriter writer) {
        this.writer = writer;
    }

    /** One service's use of a ring. @param ring null if nothing is logged @param release to be run once, at the end */
    record Lease<R extends LogRecord>(LogRing<R> ring, Runnable release) { }

    Lease<SessionRecord> sessions(int worker, String listener, SessionLogConfig config) throws IOException {
        return config.target() == SessionLogConfig.Target.OFF ? new Lease<>(null, () -> { })
                : lease(new Key(worker, listener, config), () -> writer.sessionRing(config));
    }

    Lease<AccessRecord> requests(int worker, String listener, AccessLogConfig config) throws IOException {
        return config.target() == SessionLogConfig.Target.OFF ? new Lease<>(null, () -> { })
                : lease(new Key(worker, listener, config), () -> AccessLog.ring(config, writer));
    }

    private synchronized <R extends LogRecord> Lease<R> lease(Key key, Opening<R> opening) throws IOException {
        Shared shared = rings.get(key);
        if (shared == null) {
            shared = new Shared(opening.open());
            rings.put(key, shared);
        }
        shared.users++;
        @SuppressWarnings("unchecked") // The type of the key's configuration determines R.
        LogRing<R> ring = (LogRing<R>) shared.ring;
        return new Lease<>(ring, () -> release(key));
    }

    private synchronized void release(Key key) {
        Shared shared = rings.get(key);
        if (--shared.users == 0) {
            rings.remove(key);
            shared.ring.retire();
        }
    }

    private interface Opening<R extends LogRecord> {
        LogRing<R> open() throws IOException;
    }

    private record Key(int worker, String listener, Object config) { }

    private static final class Shared {

        private final LogRing<?> ring;
        private int users;

        Shared(LogRing<?> ring) {
            this.ring = ring;
        }
    }
}
