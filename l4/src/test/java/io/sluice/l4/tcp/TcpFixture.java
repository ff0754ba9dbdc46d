package io.sluice.l4.tcp;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.sluice.config.AccessConfig;
import io.sluice.config.Endpoint;
import io.sluice.config.ProxyProtocolConfig;
import io.sluice.config.RateLimitConfig;
import io.sluice.config.SessionLogConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpRouteConfig;
import io.sluice.core.log.LogWriter;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.net.ListenSocket;
import io.sluice.core.net.Loopback;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import io.sluice.core.stats.Counter;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Placement;
import io.sluice.core.worker.Snapshot;
import io.sluice.core.worker.Worker;
import io.sluice.l4.postgres.CancelKeys;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/** One worker with one listener and one pool, and what it logs. What tests change, they change before the start. */
final class TcpFixture implements AutoCloseable {

    static final Duration LONG = Duration.ofHours(1);
    static final int BUFFER_BYTES = 4096;

    final PoolSettings poolSettings = new PoolSettings();
    ProxyProtocolConfig proxyProtocol =
            new ProxyProtocolConfig(ProxyProtocolConfig.Accept.OFF, List.of(), Duration.ofSeconds(5));
    AccessConfig access = AccessConfig.OPEN;
    Optional<RateLimitConfig> rateLimit = Optional.empty();
    List<TcpRouteConfig> routes =
            List.of(new TcpRouteConfig(TcpRouteConfig.Match.ANY, target(TargetConfig.Wanted.ANY)));
    TcpListenerConfig.Inspect inspect = TcpListenerConfig.Inspect.OFF;
    TcpListenerConfig.Timeouts timeouts = new TcpListenerConfig.Timeouts(LONG, LONG, LONG);
    /** What clients speak TLS with; null if they do not. */
    TlsEngines tls;
    private final BlockingQueue<SessionRecord> records = new ArrayBlockingQueue<>(1000);
    private final LogWriter logWriter = new LogWriter();
    int mostBuffers = 64;
    int mostPerClient = SluiceConfig.UNLIMITED;
    final CancelKeys cancelKeys = new CancelKeys();
    private Pool pool;
    private ServerStates states;
    private Worker worker;
    private Listener listener;
    private InetSocketAddress address;

    static TargetConfig target(TargetConfig.Wanted wanted) {
        return new TargetConfig("pool", wanted);
    }

    void start() throws IOException {
        Placement placement = new Placement();
        worker = new Worker(new EventLoop(), placement, OptionalInt.empty(), BUFFER_BYTES, mostBuffers, 4);
        placement.workers(List.of(worker));
        pool = poolSettings.pool();
        pool.home(worker.loop().mailbox());
        states = new ServerStates(pool, (work, delayNs) -> { }, System::nanoTime);
        PoolSettings.resolve(pool, states);
        TcpListenerConfig config = new TcpListenerConfig("listener", List.of(new Endpoint("127.0.0.1", 0)),
                routes, inspect, 1000, mostPerClient, 100, 50, proxyProtocol, access, rateLimit, Optional.empty(),
                timeouts, new SessionLogConfig(SessionLogConfig.Target.OFF, Optional.empty(),
                        SessionLogConfig.Format.TEXT));
        listener = new Listener(config, new ConnectionLimit(null, 1000), tls);
        TcpService service = new TcpService(worker, listener, config,
                Map.of("pool", new TcpPool(PoolPlan.of(pool, states, pool.config()), cancelKeys, null)),
                logWriter.ring("records", Optional.empty(), (record, out) -> records.add(copy(record)),
                        SessionRecord::new));
        worker.askToServe(new Snapshot(Map.of(listener, service)), () -> { });
        ServerSocketChannel socket =
                ListenSocket.bind(new InetSocketAddress(Loopback.ADDRESS, 0), 100, 1).getFirst();
        address = (InetSocketAddress) socket.getLocalAddress();
        logWriter.start();
        worker.start();
        worker.askToAccept(listener, socket);
    }

    Socket connect() throws IOException {
        return Loopback.connect(address);
    }

    InetSocketAddress address() {
        return address;
    }

    Pool pool() {
        return pool;
    }

    ServerStates states() {
        return states;
    }

    Server server(int index) {
        return pool.servers().get(index);
    }

    Worker worker() {
        return worker;
    }

    long count(Counter counter) {
        return worker.stats().get(counter);
    }

    /** Waits for the next session to end. */
    SessionRecord nextRecord() throws InterruptedException {
        SessionRecord record = records.poll(20, SECONDS);
        if (record == null) {
            throw new AssertionError("no session has ended");
        }
        return record;
    }

    /** Connections that are counted somewhere, and buffers and pipes in use; 0 when all sessions have ended. */
    int held() throws Exception {
        CompletableFuture<Integer> buffers = new CompletableFuture<>();
        worker.loop().mailbox().post(() -> buffers.complete(
                worker.buffers().inUse() + worker.vessels().pipes().inUse()));
        int connections = pool.servers().stream().mapToInt(Server::connections).sum();
        return buffers.get(20, SECONDS) + connections + pool.queueLength() + listener.limit().taken();
    }

    @Override
    public void close() throws IOException {
        try {
            worker.askToDrain(0, () -> { });
            worker.askToKillSessions();
            worker.stop();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        logWriter.close();
    }

    private static SessionRecord copy(SessionRecord record) {
        SessionRecord copy = new SessionRecord();
        copy.startMs = record.startMs;
        copy.listener = record.listener;
        copy.client = record.client;
        copy.pool = record.pool;
        copy.server = record.server;
        copy.queueNs = record.queueNs;
        copy.connectNs = record.connectNs;
        copy.totalNs = record.totalNs;
        copy.clientBytes = record.clientBytes;
        copy.serverBytes = record.serverBytes;
        copy.retries = record.retries;
        copy.termination = record.termination;
        copy.refusal = record.refusal;
        copy.sni = record.sni;
        copy.user = record.user;
        copy.database = record.database;
        copy.application = record.application;
        return copy;
    }
}
