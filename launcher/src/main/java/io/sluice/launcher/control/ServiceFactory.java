package io.sluice.launcher.control;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.core.log.LogRecord;
import io.sluice.core.log.LogRing;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Service;
import io.sluice.l4.tcp.TcpPool;
import io.sluice.l4.tcp.TcpService;
import io.sluice.l7.proxy.HttpPool;
import io.sluice.l7.proxy.HttpRules;
import io.sluice.l7.proxy.HttpService;
import io.sluice.launcher.control.LogRings.Lease;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the services of one generation, one for each listener and worker. Control plane only, owned by one thread.
 */
final class ServiceFactory {

    private final Machine machine;
    private final Map<String, TcpPool> tcpPools;
    private final List<Map<String, HttpPool>> httpPools;
    private final Faults faults;
    private final List<Runnable> releases = new ArrayList<>();

    /** @param tcpPools by name @param httpPools of each worker, by name */
    ServiceFactory(Machine machine, Map<String, TcpPool> tcpPools, List<Map<String, HttpPool>> httpPools,
                   Faults faults) {
        this.machine = machine;
        this.tcpPools = tcpPools;
        this.httpPools = httpPools;
        this.faults = faults;
    }

    /**
     * Makes one service for each worker; none after a fault, which is then added to the faults.
     *
     * @param path the listener's path in the configuration
     */
    List<Service> make(Listener listener, ListenerConfig config, String path) {
        return switch (config) {
            case TcpListenerConfig tcp -> tcp(listener, tcp, path);
            case HttpListenerConfig http -> http(listener, http, path);
        };
    }

    /** Releases the logs of services that will not be used. */
    void release() {
        releases.forEach(Runnable::run);
    }

    private List<Service> tcp(Listener listener, TcpListenerConfig config, String path) {
        return forEachWorker(path + ".session-log.file",
                worker -> machine.logRings().sessions(worker, config.name(), config.sessionLog()),
                (worker, log) -> new TcpService(machine.workers().get(worker), listener, config, tcpPools, log));
    }

    private List<Service> http(Listener listener, HttpListenerConfig config, String path) {
        HttpRules rules = new HttpRules(config);
        return forEachWorker(path + ".access-log.file",
                worker -> machine.logRings().requests(worker, config.name(), config.accessLog()), (worker, log) -> {
                    Map<String, HttpPool> own = new HashMap<>(httpPools.get(worker));
                    own.keySet().retainAll(config.poolNames());
                    return new HttpService(machine.workers().get(worker), listener, rules, own, log,
                            machine.refusals(worker));
                });
    }

    /** One service for each worker, or none if the log cannot be opened. @param path the log's in the configuration */
    private <R extends LogRecord> List<Service> forEachWorker(String path, Leasing<R> leasing, Making<R> making) {
        List<Service> services = new ArrayList<>();
        try {
            for (int worker = 0; worker < machine.workers().size(); worker++) {
                Lease<R> log = leasing.lease(worker);
                releases.add(log.release());
                Service service = making.make(worker, log.ring());
                // Releasing the ring takes a lock, which a worker's thread must not wait for.
                service.atEnd(() -> Thread.startVirtualThread(log.release()));
                services.add(service);
            }
            return services;
        } catch (IOException e) {
            faults.cannotUse(path, "its log", e);
            return List.of();
        }
    }

    private interface Leasing<R extends LogRecord> {
        Lease<R> lease(int worker) throws IOException;
    }

    private interface Making<R extends LogRecord> {
        Service make(int worker, LogRing<R> log);
    }
}
