package io.sluice.launcher.control;

import io.sluice.config.ListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.ServerTlsConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.pem.PemException;
import io.sluice.core.tls.CertificateUser;
import io.sluice.core.tls.ClientTls;
import io.sluice.core.tls.ServerTls;
import io.sluice.core.tls.TlsLibrary;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The TLS of one generation's listeners, pools and health checks. Where the configuration is as before, the object is
 * the same, so that TLS sessions and certificates last. Immutable.
 *
 * @param listeners by name
 * @param pools     by name
 * @param checks    for health checks, which block; by the pool's name
 */
record TlsParts(Map<String, ServerTls> listeners, Map<String, ClientTls> pools, Map<String, ClientTls> checks) {

    static final TlsParts NONE = new TlsParts(Map.of(), Map.of(), Map.of());

    /** @param faults takes the files that cannot be used */
    static TlsParts of(SluiceConfig config, TlsParts before, Faults faults) {
        Map<String, ServerTls> listeners = new HashMap<>();
        for (int i = 0; i < config.listeners().size(); i++) {
            ListenerConfig listener = config.listeners().get(i);
            if (listener.tls().isPresent()) {
                ServerTls earlier = before.listeners.get(listener.name());
                put(listeners, listener.name(), () -> keptOrNew(listener.name(), listener.tls().get(), earlier),
                        "listeners[" + i + "].tls", faults);
            }
        }
        return new TlsParts(Map.copyOf(listeners), ofPools(config, before.pools, TlsLibrary::best, faults),
                ofPools(config, before.checks, () -> TlsLibrary.JDK, faults));
    }

    /** @param library called only if a pool speaks TLS, since loading the library takes memory and time */
    private static Map<String, ClientTls> ofPools(SluiceConfig config, Map<String, ClientTls> before,
                                                  Supplier<TlsLibrary> library, Faults faults) {
        Map<String, ClientTls> pools = new HashMap<>();
        for (PoolConfig pool : config.pools()) {
            if (pool.tls().isPresent()) {
                ClientTls earlier = before.get(pool.name());
                put(pools, pool.name(), () -> keptOrNew(pool, earlier, library.get()),
                        "pools." + pool.name() + ".tls", faults);
            }
        }
        return Map.copyOf(pools);
    }

    List<CertificateUser> users() {
        List<CertificateUser> users = new ArrayList<>(listeners.values());
        users.addAll(pools.values());
        users.addAll(checks.values());
        return users;
    }

    private static ServerTls keptOrNew(String name, ServerTlsConfig config, ServerTls earlier)
            throws PemException, GeneralSecurityException {
        return earlier != null && earlier.config().equals(config) ? earlier
                : new ServerTls(name, config, TlsLibrary.best());
    }

    private static ClientTls keptOrNew(PoolConfig pool, ClientTls earlier, TlsLibrary library)
            throws PemException, GeneralSecurityException {
        boolean isSame = earlier != null && earlier.config().equals(pool.tls().orElseThrow())
                && earlier.handshakeTimeoutNs() == pool.timeouts().connect().toNanos();
        return isSame ? earlier
                : new ClientTls(pool.name(), pool.tls().orElseThrow(), pool.timeouts().connect(), library);
    }

    private static <P> void put(Map<String, P> parts, String name, Making<P> making, String path, Faults faults) {
        try {
            parts.put(name, making.make());
        } catch (PemException | GeneralSecurityException e) {
            faults.cannotSpeakTls(path, e);
        }
    }

    private interface Making<P> {
        P make() throws PemException, GeneralSecurityException;
    }
}
