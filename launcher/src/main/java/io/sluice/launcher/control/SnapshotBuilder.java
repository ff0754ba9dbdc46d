package io.sluice.launcher.control;

import io.sluice.config.DemoServerConfig;
import io.sluice.config.Endpoint;
import io.sluice.config.HttpListenerConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.LoadedConfig;
import io.sluice.core.connect.TlsClient;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.tls.ClientTls;
import io.sluice.core.worker.Listener;
import io.sluice.core.worker.Service;
import io.sluice.core.worker.Worker;
import io.sluice.l4.tcp.TcpPool;
import io.sluice.l7.proxy.ErrorPages;
import io.sluice.l7.proxy.HttpPool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Builds the next generation beside the serving one, which it does not change. All that can fail in a reload fails
 * here. For one generation; control plane only, owned by one thread.
 */
final class SnapshotBuilder {

    private final Machine machine;
    private final Assembly before;
    private final Map<String, PoolKeeper> keepers;
    private final SluiceConfig config;
    private final Faults faults;
    private final Map<String, PoolPlan> pools = new LinkedHashMap<>();
    private final Map<String, ErrorPages> errorPages = new HashMap<>();
    private final List<Map<String, HttpPool>> httpPools = new ArrayList<>();
    private final Map<String, Served> listeners = new LinkedHashMap<>();
    /** Bindings of the generation before that no listener has taken over yet. */
    private final List<Binding> free;
    private final List<Binding> opened = new ArrayList<>();
    private ServiceFactory services;
    private TlsParts tls = TlsParts.NONE;

    /** @param keepers the keepers of the next generation's pools, by name */
    SnapshotBuilder(Machine machine, Assembly before, Map<String, PoolKeeper> keepers, LoadedConfig next) {
        this.machine = machine;
        this.before = before;
        this.keepers = keepers;
        config = next.config();
        faults = new Faults(next.locations());
        free = new ArrayList<>(before.bindings());
    }

    /** Builds the next generation. @throws LaunchException with all faults, after everything new has been released */
    Assembly build() throws LaunchException {
        try {
            openDemoServers();
            tls = TlsParts.of(config, before.tls(), faults);
            config.pools().forEach(this::addPool);
            machine.workers().forEach(this::addHttpPools);
            services = new ServiceFactory(machine, tcpPools(), httpPools, faults);
            for (int i = 0; i < config.listeners().size(); i++) {
                addListener(config.listeners().get(i), "listeners[" + i + "]");
            }
            faults.throwIfAny();
            return new Assembly(config, listeners, pools, errorPages, httpPools, tls, List.of());
        } catch (LaunchException | RuntimeException e) {
            release();
            throw e;
        }
    }

    /** Releases what was opened for this generation only. */
    void release() {
        opened.forEach(Binding::close);
        machine.demoServers().release();
        before.listeners().values().forEach(served -> served.listener().dropOtherRateLimits());
        if (services != null) {
            services.release();
        }
    }

    private void openDemoServers() {
        for (int i = 0; i < config.demoServers().size(); i++) {
            DemoServerConfig server = config.demoServers().get(i);
            try {
                machine.demoServers().open(server);
            } catch (IOException e) {
                faults.cannotListen("demo-servers[" + i + "].bind", "demo server " + server.name(), server.bind(), e);
            }
        }
    }

    private void addPool(PoolConfig pool) {
        pools.put(pool.name(), keepers.get(pool.name()).plan(pool));
        try {
            errorPages.put(pool.name(), ErrorPages.read(pool.http().errorPages()));
        } catch (IOException e) {
            errorPages.put(pool.name(), ErrorPages.BUILT_IN);
            faults.cannotUse("pools." + pool.name() + ".error-pages", "an error page", e);
        }
    }

    private Map<String, TcpPool> tcpPools() {
        Map<String, TcpPool> tcpPools = new HashMap<>();
        pools.forEach((name, plan) ->
                tcpPools.put(name, new TcpPool(plan, keepers.get(name).cancelKeys(), tls.pools().get(name))));
        return tcpPools;
    }

    private void addHttpPools(Worker worker) {
        Map<String, HttpPool> earlier = before.httpPools().get(worker.loop().index());
        Map<String, HttpPool> own = new HashMap<>();
        for (String name : namesOfHttpPools()) {
            PoolPlan plan = pools.get(name);
            ErrorPages pages = errorPages.get(name);
            HttpPool pool = earlier.get(name);
            ClientTls engines = tls.pools().get(name);
            // A pool that was removed and is back shares only its name with the earlier one. Connections made with
            // other TLS settings, or without TLS, must not be used any more.
            if (pool == null || !pool.isOf(plan.pool()) || engines != before.tls().pools().get(name)) {
                own.put(name, new HttpPool(worker.loop(), plan, pages, engines == null ? null
                        : new TlsClient(worker.loop(), engines, worker.tlsBuffers())));
            } else {
                own.put(name, pool.isAs(plan, pages) ? pool : pool.next(plan, pages));
            }
        }
        httpPools.add(own);
    }

    private TreeSet<String> namesOfHttpPools() {
        TreeSet<String> names = new TreeSet<>();
        config.listeners().stream().filter(HttpListenerConfig.class::isInstance)
                .forEach(listener -> names.addAll(listener.poolNames()));
        return names;
    }

    private void addListener(ListenerConfig listener, String path) {
        Served earlier = before.listeners().get(listener.name());
        // A listener of the same name with another protocol is another listener.
        boolean isKept = earlier != null && earlier.config().getClass() == listener.getClass();
        Listener live = isKept ? earlier.listener() : new Listener(listener, machine.processLimit(),
                tls.listeners().get(listener.name()));
        List<Binding> bindings = new ArrayList<>();
        for (int i = 0; i < listener.bind().size(); i++) {
            bind(listener, listener.bind().get(i), path + ".bind[" + i + "]", earlier, bindings);
        }
        boolean isSame = isKept && earlier.config().equals(listener) && leadsToTheSame(listener);
        List<Service> served = isSame ? earlier.services() : services.make(live, listener, path);
        listeners.put(listener.name(), new Served(live, listener, bindings, served));
    }

    private boolean leadsToTheSame(ListenerConfig listener) {
        return listener.poolNames().stream().allMatch(name -> pools.get(name).equals(before.pools().get(name))
                && errorPages.get(name).equals(before.errorPages().get(name)));
    }

    private void bind(ListenerConfig listener, Endpoint endpoint, String path, Served earlier,
                      List<Binding> bindings) {
        Binding kept = keptBinding(endpoint, earlier);
        if (kept != null) {
            free.remove(kept);
            bindings.add(kept);
            return;
        }
        List<Binding> others = new ArrayList<>(before.bindings());
        others.addAll(opened);
        try {
            Binding binding = Binding.open(endpoint, listener.backlog(), machine.workers().size(), others);
            opened.add(binding);
            bindings.add(binding);
        } catch (IOException | RuntimeException e) {
            faults.cannotListen(path, "listener " + listener.name(), endpoint, e);
        }
    }

    /** Finds a free binding of the address, of any listener; with port 0, only one of the same listener. */
    private Binding keptBinding(Endpoint endpoint, Served earlier) {
        return free.stream().filter(binding -> binding.endpoint().port() != 0
                ? binding.local().equals(new InetSocketAddress(endpoint.host(), endpoint.port()))
                : binding.endpoint().equals(endpoint) && earlier != null && earlier.bindings().contains(binding))
                .findFirst().orElse(null);
    }
}
