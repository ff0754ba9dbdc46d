package io.sluice.core.worker;

import io.sluice.config.ListenerConfig;
import io.sluice.core.net.AddressFilter;
import io.sluice.core.net.CidrSet;
import io.sluice.core.net.ConnectionLimit;
import java.net.InetAddress;

/**
 * A listener at run time, shared by all workers: the count of its connections, and whom it lets in.
 * Safe from any thread.
 */
public final class Listener {

    private final ListenerConfig config;
    private final ConnectionLimit limit;
    private final AddressFilter access;
    private final CidrSet trusted;

    /** @param processLimit the bound on all listeners' connections together */
    public Listener(ListenerConfig config, ConnectionLimit processLimit) {
        this.config = config;
        limit = new ConnectionLimit(processLimit, config.maxConnections());
        access = new AddressFilter(config.access());
        trusted = new CidrSet(config.proxyProtocol().trusted());
    }

    public String name() {
        return config.name();
    }

    public ListenerConfig config() {
        return config;
    }

    public ConnectionLimit limit() {
        return limit;
    }

    /** Whether clients of this address are let in. */
    public boolean admits(InetAddress client) {
        return access.allows(client);
    }

    /** Whether a PROXY protocol header from this address is believed. */
    public boolean trusts(InetAddress peer) {
        return trusted.contains(peer);
    }
}
