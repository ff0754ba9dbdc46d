package io.sluice.launcher.control;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.core.log.LogRecord;
import io.sluice.core.log.SessionRecord;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Service;
import io.sluice.l4.tcp.TcpPool;
import io.sluice.l4.tcp.TcpService;
import io.sluice.l7.log.AccessRecord;
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
        List<Lease<SessionRecord>> logs = leases(path + ".session-log.file",
                worker -> machine.logRings().sessions(worker, config.name(), config.sessionLog()));
        List<Service> services = new ArrayList<>();
        for (int worker = 0; worker < logs.size(); worker++) {
            Lease<SessionRecord> log = logs.get(worker);
            services.add(ending(log, new TcpService(machine.workers().get(worker), listener, config, tcpPools,
                    log.ring())));
        }
        return services;
    }

    private List<Service> http(Listener listener, HttpListenerConfig config, String path) {
        List<Lease<AccessRecord>> logs = leases(path + ".access-log.file",
                worker -> machine.logRings().requests(worker, config.name(), config.accessLog()));
        HttpRules rules = new HttpRules(config);
        List<Service> services = new ArrayList<>();
        for (int worker = 0; worker < logs.size(); worker++) {
            Lease<AccessRecord> log = logs.get(worker);
            Map<String, HttpPool> own = new HashMap<>(httpPools.get(worker));
            own.keySet().retainAll(config.poolNames());
            services.add(ending(log, new HttpService(machine.workers().get(worker), listener, rules, own, log.ring(),
                    machine.refusals(worker))));
        }
        return services;
    }

    private static Service ending(Lease<?> log, Service service) {
        // Releasing the ring takes a lock, which a worker's thread must not wait for.
        service.atEnd(() -> Thread.startVirtualThread(log.release()));
        return service;
    }

    /** One for each worker, or none if the log cannot be opened. */
    private <R extends LogRecord> List<Lease<R>> leases(String path, Leasing<R> leasing) {
        List<Lease<R>> leases = new ArrayList<>();
        try {
            for (int worker = 0; worker < machine.workers().size(); worker++) {
                Lease<R> lease = leasing.lease(worker);
                releases.add(lease.release());
                leases.add(lease);
            }
            return leases;
        } catch (IOException e) {
            faults.cannotUse(path, "its log", e);
            return List.of();
        }
    }

    private interface Leasing<R extends LogRecord> {
        Lease<R> lease(int worker) throws IOException;
    }
}
