package io.sluice.core.connect;

import io.sluice.config.PoolConfig;
import io.sluice.config.PoolConfig.ProxyProtocolVersion;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.address.ProxyProtocol;
import io.sluice.core.linux.SocketOption;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.net.TcpSocket;
import io.sluice.core.pool.PassiveChecks;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.Target;
import io.sluice.core.stats.PoolCount;
import io.sluice.core.stats.Tally;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens one worker's connections to the servers of one target. Owned by one event loop. */
public final class Connector {

    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);

    private final EventLoop loop;
    private final Target target;
    private final PoolConfig config;
    private final PassiveChecks passiveChecks;
    private final Tally<PoolCount> counts;
    private final TlsClient tls;
    private final boolean asksForTls;
    private int nextSource;

    /**
     * @param wanted the role of the pool's servers to connect to
     * @param tls    for TLS handshakes with the pool's servers; null if they do not speak TLS
     */
    public Connector(EventLoop loop, PoolPlan plan, Wanted wanted, TlsClient tls) {
        this.loop = loop;
        target = new Target(plan.pool(), wanted);
        config = plan.config();
        passiveChecks = plan.states().passiveChecks();
        this.tls = tls;
        asksForTls = config.asksForPostgresTls();
        counts = target.pool().counts().of(loop.index());
    }

    EventLoop loop() {
        return loop;
    }

    public Target target() {
        return target;
    }

    public Pool pool() {
        return target.pool();
    }

    /** The pool's configuration, of the generation that this connector belongs to. */
    public PoolConfig config() {
        return config;
    }

    /** This worker's counters of the pool. */
    public Tally<PoolCount> counts() {
        return counts;
    }

    /** Null if servers do not speak TLS. */
    TlsClient tls() {
        return tls;
    }

    /** Whether servers speak TLS. */
    public boolean speaksTls() {
        return tls != null;
    }

    /** Whether servers are asked for TLS, as PostgreSQL's are, before it begins. */
    boolean asksForTls() {
        return asksForTls;
    }

    /**
     * Opens a socket for a connection to a server and prepares it.
     *
     * @throws IOException if this host lacks what it takes: file descriptors, ports, a source address of its own
     */
    TcpSocket open(Server server) throws IOException {
        TcpSocket socket = TcpSocket.open(server.address());
        try {
            socket.delayAck();
            if (!config.source().isEmpty()) {
                SocketOption.IP_BIND_ADDRESS_NO_PORT.set(socket.descriptor(), 1);
                socket.bind(new InetSocketAddress(nextSource(server.address().getAddress()), 0));
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The PROXY protocol header, the first bytes that a server gets; null if none is configured. */
    ByteBuffer proxyHeader(InetSocketAddress client, InetSocketAddress listener) {
        if (config.sendProxyProtocol() == ProxyProtocolVersion.OFF) {
            return null;
        }
        ByteBuffer header = ByteBuffer.allocate(ProxyProtocol.MOST_SENT_BYTES);
        ProxyProtocol.encode(config.sendProxyProtocol(), client, listener, header);
        return header.flip();
    }

    /** The next source address, in turn, of those that are of the server's address family. */
    private InetAddress nextSource(InetAddress server) throws BindException {
        List<InetAddress> sources = config.source();
        for (int i = 0; i < sources.size(); i++) {
            InetAddress source = sources.get(nextSource);
            nextSource = nextSource + 1 == sources.size() ? 0 : nextSource + 1;
            if (source.getClass() == server.getClass()) {
                return source;
            }
        }
        throw new BindException("no source address is of the same family as " + server.getHostAddress());
    }

    /** This host lacks file descriptors, ports or a source address to connect. */
    void onOwnFailure(Server server, IOException failure) {
        if (mayTellOfOwnFailure()) {
            LOG.warn("no connection to server {}/{} could be opened: {}; logged once a minute at most", pool().name(),
                    server.name(), failure.toString());
        }
    }

    /** As {@link Pool#mayTellOfOwnFailure}. */
    boolean mayTellOfOwnFailure() {
        return pool().mayTellOfOwnFailure(loop.nowNs());
    }

    /** A server was reached, but TLS with it failed. */
    void onTlsFailure(Server server, String reason) {
        if (server.mayTellOfTls(loop.nowNs())) {
            LOG.warn("no TLS with server {}/{}: {}; logged once a minute at most", pool().name(), server.name(),
                    reason);
        }
    }

    /**
     * A server has reset a connection: asks for an early health check, as the server may have stopped or changed its
     * role.
     */
    public void onServerReset(Server server) {
        passiveChecks.suspect(server);
    }

    /** A connection attempt has failed by the server's fault. */
    void onConnectFailed(Server server) {
        passiveChecks.connectFailed(server);
    }

    /** A connection was established. */
    void onConnected(Server server) {
        passiveChecks.connectSucceeded(server);
    }
}
