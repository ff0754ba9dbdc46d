package io.sluice.core.pool;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Announces changes of a pool's servers to the log, the server itself and the pool's observers. Safe from any thread.
 */
final class Announcements {

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    private final Pool pool;
    private final List<PoolObserver> observers = new CopyOnWriteArrayList<>();

    Announcements(Pool pool) {
        this.pool = pool;
    }

    void add(PoolObserver observer) {
        observers.add(observer);
    }

    void remove(PoolObserver observer) {
        observers.remove(observer);
    }

    /** The server has another state now. @param before null if none was known */
    void changed(Server server, ServerState before, String reason) {
        ServerState now = server.state();
        boolean configured = now == ServerState.MAINTENANCE || now == ServerState.DRAINING;
        String cause = configured ? "as the operator wants" : reason;
        server.lastChange(new StateChange(Instant.now(), before, now, cause));
        LOG.atLevel(now == ServerState.UP ? Level.INFO : Level.WARN).log(
                "server {}/{} is {}{}: {}; {} of {} servers up{}, {} connections on this one", pool.name(),
                server.name(), now, before == null ? "" : " (was " + before + ")", cause, pool.serversUp(),
                pool.servers().size(), isMissed(server) ? ", no primary" : "", server.connections());
    }

    /** Whether the pool has had this server as its primary, and no other has taken its place yet. */
    private static boolean isMissed(Server server) {
        return server.role() == Role.PRIMARY && server.state() != ServerState.UP;
    }

    /** The server is down, and was not before. */
    void down(Server server) {
        observers.forEach(observer -> observer.onDown(pool, server));
    }

    /** These servers have lost their role. To be called once balancers no longer pick them for it. */
    void demoted(List<Server> servers) {
        servers.forEach(server -> observers.forEach(observer -> observer.onDemoted(pool, server)));
    }

    /** The server takes clients that it did not take before. To be called once balancers pick it for them. */
    void available(Server server) {
        observers.forEach(observer -> observer.onAvailable(pool, server));
    }

    /** The server has left the pool. */
    void leaves(Server server) {
        LOG.info("server {}/{} leaves; {} connections on it go on", pool.name(), server.name(), server.connections());
    }
}
