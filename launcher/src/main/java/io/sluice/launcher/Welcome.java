package io.sluice.launcher;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.PoolConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.core.address.Addresses;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

/** The text printed after the start: listeners, their pools, and a command to try. */
final class Welcome {

    private Welcome() { }

    static String text(SluiceConfig config, Sluice sluice) {
        StringBuilder text = new StringBuilder();
        for (ListenerConfig listener : config.listeners()) {
            for (InetSocketAddress address : sluice.addresses(listener.name())) {
                text.append("listener ").append(listener.name()).append("  ").append(Addresses.toText(address))
                        .append(listener.poolNames().isEmpty() ? "  answers by itself"
                                : "  ->  pool " + String.join(", ", listener.poolNames())).append('\n');
            }
        }
        for (PoolConfig pool : config.pools()) {
            text.append("pool ").append(pool.name()).append("  ")
                    .append(pool.balance().name().toLowerCase(Locale.ROOT).replace('_', '-')).append(':');
            for (Server server : sluice.pools().get(pool.name()).servers()) {
                text.append("  ").append(server.name()).append(" (").append(server.config().address()).append(", ")
                        .append(server.state() == ServerState.UP ? "up" : server.state().toString()).append(')');
            }
            text.append('\n');
        }
        sluice.admin().ifPresent(admin -> text.append("admin  ").append(config.admin().orElseThrow().tls().isPresent()
                ? "https://" : "http://").append(reachable(admin.address())).append("/\n"));
        if (!config.demoServers().isEmpty()) {
            ListenerConfig listener = config.listeners().getFirst();
            InetSocketAddress first = sluice.addresses(listener.name()).getFirst();
            // The certificate is hardly valid for the address, so curl would not trust it.
            text.append("\nTry it, a few times:  curl ").append(listener.tls().isPresent() ? "-k https://" : "http://")
                    .append(reachable(first)).append(pathTo(listener)).append('\n');
        }
        return text.toString();
    }

    /** A path that leads to a pool. */
    private static String pathTo(ListenerConfig listener) {
        if (!(listener instanceof HttpListenerConfig http)) {
            return "/";
        }
        return http.routes().stream().filter(route -> !route.action().poolNames().isEmpty()).findFirst()
                .flatMap(route -> route.match().paths().stream().findFirst())
                .map(path -> path.replace("*", "")).orElse("/");
    }

    /** An address that a client on this host can connect to. */
    private static String reachable(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        return host.isAnyLocalAddress() ? "localhost:" + address.getPort() : Addresses.toText(address);
    }
}
