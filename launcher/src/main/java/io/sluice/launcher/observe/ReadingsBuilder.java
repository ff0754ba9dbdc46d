package io.sluice.launcher.observe;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.ServerConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.core.address.Addresses;
import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.pool.CheckResult;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.Role;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.StateChange;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.Latency;
import io.sluice.core.stats.PerWorker;
import io.sluice.core.stats.PoolCount;
import io.sluice.core.stats.StatsReader;
import io.sluice.core.stats.Tally;
import io.sluice.core.stats.TrafficCount;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Worker;
import io.sluice.launcher.observe.Readings.CertificateReading;
import io.sluice.launcher.observe.Readings.ChangeReading;
import io.sluice.launcher.observe.Readings.CheckReading;
import io.sluice.launcher.observe.Readings.ConnectionReading;
import io.sluice.launcher.observe.Readings.ListenerLatency;
import io.sluice.launcher.observe.Readings.ListenerReading;
import io.sluice.launcher.observe.Readings.PoolReading;
import io.sluice.launcher.observe.Readings.QueueReading;
import io.sluice.launcher.observe.Readings.RouteReading;
import io.sluice.launcher.observe.Readings.ServerConnections;
import io.sluice.launcher.observe.Readings.ServerLatency;
import io.sluice.launcher.observe.Readings.ServerReading;
import io.sluice.launcher.observe.Readings.WorkerReading;
import io.sluice.launcher.observe.Scene.Spot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes one reading. Used once, by one thread that holds the observer's lock. */
final class ReadingsBuilder {

    private final Observer observer;
    private final Scene scene;
    private final StatsReader counters;

    ReadingsBuilder(Observer observer, Scene scene) {
        this.observer = observer;
        this.scene = scene;
        counters = scene.stats();
    }

    Readings build(double uptimeSeconds, Instant at) {
        return new Readings(observer.version(), observer.startedAt(), uptimeSeconds, at,
                scene.isDraining() ? "draining" : "serving", scene.generation(),
                connections(scene.processLimit(), scene.processLimit().most(),
                        counters.sum(Counter.CONNECTIONS_ACCEPTED), observer.acceptRate()),
                workers(), counters.nonZero(), scene.listeners().stream().map(this::listener).toList(),
                scene.pools().stream().map(this::pool).toList(), certificates(), observer.events());
    }

    private static ConnectionReading connections(ConnectionLimit limit, int most, long total, double rate) {
        return new ConnectionReading(limit.taken(), limit.peak(), total, bound(most), rate);
    }

    private static Integer bound(int most) {
        return most == SluiceConfig.UNLIMITED ? null : most;
    }

    private List<WorkerReading> workers() {
        List<WorkerReading> workers = new ArrayList<>();
        for (Worker worker : scene.workers()) {
            workers.add(new WorkerReading(worker.name(), worker.connections(), observer.busy(workers.size())));
        }
        return workers;
    }

    private List<CertificateReading> certificates() {
        return scene.certificates().stream()
                .map(expiry -> new CertificateReading(expiry.owner(), expiry.subject(), expiry.notAfter())).toList();
    }

    private ListenerReading listener(Spot spot) {
        Listener listener = spot.listener();
        Track track = observer.track(listener.traffic());
        boolean isHttp = listener.config() instanceof HttpListenerConfig;
        return new ListenerReading(listener.name(), isHttp ? "http" : "tcp",
                spot.addresses().stream().map(Addresses::toText).toList(), spot.accepts() ? "accepting" : "stopped",
                connections(listener.limit(), listener.config().maxConnections(),
                        track.count(TrafficCount.CONNECTIONS), track.connectionRate()),
                track.bytes(), isHttp ? track.requestReading() : null, track.errors(),
                new ListenerLatency(track.latency(Latency.TOTAL)), routes(listener, isHttp));
    }

    private List<RouteReading> routes(Listener listener, boolean isHttp) {
        List<RouteReading> routes = new ArrayList<>();
        listener.routes().forEach((name, traffic) -> {
            Track track = observer.track(traffic);
            routes.add(new RouteReading(name, isHttp ? track.requests() : track.count(TrafficCount.CONNECTIONS),
                    isHttp ? track.requestRate() : track.connectionRate(),
                    new ListenerLatency(track.latency(Latency.TOTAL))));
        });
        return routes;
    }

    private PoolReading pool(Pool pool) {
        boolean isHttp = scene.httpPools().contains(pool.name());
        PerWorker<Tally<PoolCount>> counts = pool.counts();
        QueueReading queue = new QueueReading(pool.queueLength(), pool.peakQueueLength(),
                Tally.sum(counts, PoolCount.QUEUED), Tally.sum(counts, PoolCount.QUEUE_TIMEOUTS),
                Tally.sum(counts, PoolCount.QUEUE_FULL));
        return new PoolReading(pool.name(), isHttp ? "http" : "tcp", label(pool.config().balance()), pool.serversUp(),
                pool.servers().size(), queue, Tally.sum(counts, PoolCount.RETRIES),
                Tally.sum(counts, PoolCount.NO_SERVER),
                pool.servers().stream().map(server -> server(server, isHttp)).toList());
    }

    private ServerReading server(Server server, boolean isHttp) {
        Track track = observer.track(server.traffic());
        ServerConfig config = server.config();
        ServerConnections connections = new ServerConnections(server.connections(), server.peakConnections(),
                track.count(TrafficCount.CONNECTIONS), bound(config.maxConnections()), track.connectionRate(),
                track.count(TrafficCount.IDLE));
        ServerLatency latency = new ServerLatency(track.latency(Latency.CONNECT), track.latency(Latency.QUEUE),
                track.latency(Latency.FIRST_BYTE), track.latency(Latency.TOTAL));
        return new ServerReading(server.name(), config.address().toString(), server.state().label(),
                label(server.adminState()), server.role() == Role.UNKNOWN ? null : label(server.role()),
                server.weight(), config.backup(), connections, track.bytes(), isHttp ? track.requestReading() : null,
                track.count(TrafficCount.RETRIES), track.count(TrafficCount.QUEUED), track.errors(),
                check(server.lastCheck()), change(server.lastChange()), latency);
    }

    private static CheckReading check(CheckResult check) {
        return check == null ? null : new CheckReading(check.at(), check.isGood() ? "ok" : "failed", check.detail(),
                check.tookNs() / 1000 / 1e6);
    }

    private static ChangeReading change(StateChange change) {
        return change == null ? null : new ChangeReading(change.at(),
                change.from() == null ? null : change.from().label(), change.to().label(), change.reason());
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
