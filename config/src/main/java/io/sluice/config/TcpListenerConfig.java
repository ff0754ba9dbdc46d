package io.sluice.config;

import java.time.Duration;
import java.util.List;

/**
 * A listener that passes TCP through to one pool. Immutable.
 *
 * @param target     where clients are sent
 * @param timeouts   how long a connection may be silent
 * @param sessionLog where the record of each ended connection goes
 */
public record TcpListenerConfig(
        String name,
        List<Endpoint> bind,
        TargetConfig target,
        int maxConnections,
        int backlog,
        ProxyProtocolConfig proxyProtocol,
        AccessConfig access,
        Timeouts timeouts,
        SessionLogConfig sessionLog) implements ListenerConfig {

    public TcpListenerConfig {
        Checks.name("listener", name);
        bind = List.copyOf(bind);
        Checks.notEmpty("bind", bind);
        Checks.atLeast("max-connections", maxConnections, 1);
        Checks.atLeast("backlog", backlog, 1);
    }

    @Override
    public List<String> poolNames() {
        return List.of(target.pool());
    }

    /**
     * Limits of silence. A byte read from or written to a side makes that side active.
     *
     * @param client     without a byte moving on the client side (HAProxy: {@code timeout client})
     * @param halfClosed without any byte moving once one side has ended its direction
     *                   (HAProxy: {@code client-fin}, {@code server-fin})
     */
    public record Timeouts(Duration client, Duration halfClosed) {
        public Timeouts {
            Checks.positive("client", client);
            Checks.positive("half-closed", halfClosed);
        }
    }
}
