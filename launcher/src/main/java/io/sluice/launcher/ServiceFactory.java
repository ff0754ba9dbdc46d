package io.sluice.launcher;

import io.sluice.config.AccessLogConfig;
import io.sluice.config.HttpListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.SessionLogConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.core.log.LogRing;
import io.sluice.core.log.LogWriter;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.ServerStates;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Service;
import io.sluice.core.worker.Worker;
import io.sluice.l4.postgres.CancelKeys;
import io.sluice.l4.tcp.TcpPool;
import io.sluice.l4.tcp.TcpService;
import io.sluice.l7.proxy.AccessLog;
import io.sluice.l7.proxy.AccessRecord;
import io.sluice.l7.proxy.ErrorPages;
import io.sluice.l7.proxy.HttpPool;
import io.sluice.l7.proxy.HttpService;
import io.sluice.l7.route.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes what each worker does with each listener's clients, and what workers share for that. Control plane only. */
final class ServiceFactory {

    private final Map<String, Pool> pools;
    private final Map<Pool, ServerStates> states;
    private final LogWriter logWriter;
    private final Map<Listener, Router> routers = new HashMap<>();
    private final Map<Pool, TcpPool> tcpPools = new HashMap<>();
    private final Map<String, ErrorPages> errorPages = new HashMap<>();
    private final Map<Worker, Map<String, HttpPool>> httpPools = new HashMap<>();
    private final List<HttpService> httpServices = new ArrayList<>();

    ServiceFactory(Map<String, Pool> pools, Map<Pool, ServerStates> states, LogWriter logWriter) {
        this.pools = pools;
        this.states = states;
        this.logWriter = logWriter;
    }

    Service make(Worker worker, Listener listener) throws LaunchException {
        return switch (listener.config()) {
            case TcpListenerConfig tcp -> tcp(worker, listener, tcp);
            case HttpListenerConfig http -> http(worker, listener, http);
        };
    }

    /** All HTTP services made so far. */
    List<HttpService> httpServices() {
        return httpServices;
    }

    private TcpService tcp(Worker worker, Listener listener, TcpListenerConfig config) throws LaunchException {
        Map<String, TcpPool> own = new HashMap<>();
        for (String name : config.poolNames()) {
            own.put(name, tcpPools.computeIfAbsent(pools.get(name),
                    pool -> new TcpPool(pool, states.get(pool), new CancelKeys())));
        }
        return new TcpService(worker, listener, config, own, sessionLog(config.sessionLog()));
    }

    private HttpService http(Worker worker, Listener listener, HttpListenerConfig config) throws LaunchException {
        Router router = routers.computeIfAbsent(listener, _ -> new Router(config.routes()));
        Map<String, HttpPool> own = httpPools.computeIfAbsent(worker, _ -> new HashMap<>());
        for (String name : config.poolNames()) {
            if (!own.containsKey(name)) {
                own.put(name, httpPool(worker, pools.get(name)));
            }
        }
        HttpService service = new HttpService(worker, listener, config, router, own, accessLog(config.accessLog()));
        httpServices.add(service);
        return service;
    }

    private HttpPool httpPool(Worker worker, Pool pool) throws LaunchException {
        return new HttpPool(worker.loop(), worker.buffers(), pool, states.get(pool), errorPages(pool.config()));
    }

    private ErrorPages errorPages(PoolConfig config) throws LaunchException {
        ErrorPages pages = errorPages.get(config.name());
        if (pages == null) {
            try {
                pages = ErrorPages.read(config.http().errorPages());
            } catch (IOException e) {
                throw new LaunchException("pool " + config.name() + ": an error page cannot be read: " + e);
            }
            errorPages.put(config.name(), pages);
        }
        return pages;
    }

    private LogRing<AccessRecord> accessLog(AccessLogConfig config) throws LaunchException {
        if (config.target() == SessionLogConfig.Target.OFF) {
            return null;
        }
        try {
            return AccessLog.sink(config, logWriter).addRing();
        } catch (IOException e) {
            throw new LaunchException("access log " + config.file().orElseThrow() + " cannot be opened: " + e);
        }
    }

    private LogRing<SessionRecord> sessionLog(SessionLogConfig config) throws LaunchException {
        if (config.target() == SessionLogConfig.Target.OFF) {
            return null;
        }
        try {
            return logWriter.sessionSink(config).addRing();
        } catch (IOException e) {
            throw new LaunchException("session log " + config.file().orElseThrow() + " cannot be opened: " + e);
        }
    }
}
