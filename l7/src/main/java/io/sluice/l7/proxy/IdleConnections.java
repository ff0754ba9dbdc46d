package io.sluice.l7.proxy;

import io.sluice.config.HttpPoolConfig;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolObserver;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * One worker's idle connections to the servers of one pool. The connection used last is taken first, so that surplus
 * connections grow old and are closed. When the pool's servers change, connections to the remaining servers are kept.
 *
 * <p>Bytes that a server sends on an idle connection answer no request and must not pass for the response to the next
 * one. Their event may come later in the very cycle in which the connection is taken, so a connection stays in doubt
 * until that cycle ends. For a connection that was put here in the same cycle, the loop has not polled yet: an older
 * one is preferred, and without one, a read checks. Bytes that arrive after the loop has polled, or while the request
 * is on its way, go undetected, as in any proxy: HTTP/1.1 numbers neither requests nor responses.
 *
 * <p>Owned by one event loop.
 */
final class IdleConnections implements PoolObserver, TimerHandler {

    private static final int MOST_UNASKED_BYTES = 512;
    private static final int FIRST_DEPTH = 8;

    private final EventLoop loop;
    /** Takes bytes that a server sends unasked, such as a 408 (Request Timeout). */
    private final ByteBuffer unasked = ByteBuffer.allocateDirect(MOST_UNASKED_BYTES);
    private final Timer timer = new Timer(this);
    private List<Server> servers = List.of();
    private HttpPoolConfig.Connections config;
    /** The servers by their indices, like the next two arrays; null at gaps. */
    private Server[] owners = {};
    private ServerConnection[][] stacks = {};
    private int[] depths = {};
    private long idleTimeoutNs;

    /** Keeps no connection until {@link #keepFor} is called. */
    IdleConnections(EventLoop loop) {
        this.loop = loop;
    }

    /** Keeps connections to these servers only, within these bounds; closes all others. */
    void keepFor(List<Server> wanted, HttpPoolConfig.Connections as) {
        if (servers.equals(wanted) && as.equals(config)) {
            return;
        }
        ServerConnection[][] before = stacks;
        int[] depthsBefore = depths;
        servers = wanted;
        config = as;
        idleTimeoutNs = config.idleTimeout().toNanos();
        int slots = servers.stream().mapToInt(Server::index).max().orElse(-1) + 1;
        owners = new Server[slots];
        servers.forEach(server -> owners[server.index()] = server);
        stacks = new ServerConnection[slots][FIRST_DEPTH];
        depths = new int[slots];
        for (int index = 0; index < before.length; index++) {
            if (depthsBefore[index] > 0) {
                counts(before[index][0].server()).set(TrafficCount.IDLE, 0);
            }
            int surplus = Math.max(0, depthsBefore[index] - config.idlePerServer());
            for (int i = 0; i < depthsBefore[index]; i++) {
                if (i < surplus) {
                    before[index][i].close();
                } else {
                    put(before[index][i]);
                }
            }
        }
    }

    /** Whether there are servers to keep connections to. */
    boolean isInUse() {
        return !servers.isEmpty();
    }

    /** Closes all connections, also those that exchanges give back later. */
    void closeAll() {
        keepFor(List.of(), config);
    }

    /** Closes the connections that are here now; later ones are kept again. @return how many */
    int closeKept() {
        int closed = 0;
        for (int index = 0; index < stacks.length; index++) {
            closed += depths[index];
            closeLowest(index, depths[index]);
        }
        return closed;
    }

    private boolean has(Server server) {
        return server.index() < owners.length && owners[server.index()] == server;
    }

    /**
     * Takes a connection to the server, or null.
     *
     * @param checked whether to read first, to find out whether the server has closed or sent bytes: a system call, for
     *                requests that cannot be sent again
     */
    ServerConnection take(Server server, boolean checked) {
        ServerConnection connection = takeSettled(server);
        while (connection != null && (checked || isOfThisCycle(connection))) {
            if (isSilent(connection)) {
                return connection;
            }
            connection.close();
            connection = takeSettled(server);
        }
        if (connection != null) {
            // Events of this cycle tell of what the server did before it got the request.
            connection.doubtUntilAfter(loop.nowNs());
        }
        return connection;
    }

    /** The time at which this cycle of the event loop began. */
    long nowNs() {
        return loop.nowNs();
    }

    /** Takes the newest connection put here before this cycle; if there is none, one of this cycle. */
    private ServerConnection takeSettled(Server server) {
        int index = server.index();
        if (!has(server) || depths[index] == 0) {
            return null;
        }
        ServerConnection[] stack = stacks[index];
        int top = --depths[index];
        int chosen = top;
        while (chosen > 0 && isOfThisCycle(stack[chosen])) {
            chosen--;
        }
        ServerConnection connection = stack[chosen];
        // All connections above the chosen one are of this cycle, so moving the top one keeps the order by age.
        stack[chosen] = stack[top];
        stack[top] = null;
        tellDepth(server);
        return connection;
    }

    private boolean isOfThisCycle(ServerConnection connection) {
        return connection.idleSinceNs() == loop.nowNs();
    }

    /** Whether the server has neither closed the connection nor sent bytes; reads from the socket. */
    boolean isSilent(ServerConnection connection) {
        return connection.connection().read(unasked.clear()) == 0;
    }

    /** Keeps a connection; closes it if there are enough, or if it has served its maximum of exchanges. */
    void put(ServerConnection connection) {
        int index = connection.server().index();
        boolean isKept = has(connection.server()) && connection.exchanges() < config.maxRequests()
                && depths[index] < config.idlePerServer();
        if (!isKept) {
            connection.close();
            return;
        }
        if (depths[index] == stacks[index].length) {
            stacks[index] = Arrays.copyOf(stacks[index], 2 * depths[index]);
        }
        stacks[index][depths[index]++] = connection;
        tellDepth(connection.server());
        loop.timers().scheduleNoLater(timer, connection.idleSinceNs() + idleTimeoutNs);
    }

    /** Removes a connection without closing it. */
    void remove(ServerConnection connection) {
        if (!has(connection.server())) {
            return;
        }
        int index = connection.server().index();
        ServerConnection[] stack = stacks[index];
        for (int i = 0; i < depths[index]; i++) {
            if (stack[i] == connection) {
                removeRange(index, i, i + 1);
                return;
            }
        }
    }

    /** Has the event loop close all connections to a server that is down. Safe from any thread. */
    @Override
    public void onDown(Pool pool, Server server) {
        loop.mailbox().post(() -> close(server));
    }

    private void close(Server server) {
        if (has(server)) {
            closeLowest(server.index(), depths[server.index()]);
        }
    }

    /** Closes the connections that have been idle for too long: the lowest of each stack. */
    @Override
    public void onTimer(long nowNs) {
        for (int index = 0; index < stacks.length; index++) {
            int old = 0;
            while (old < depths[index] && nowNs - stacks[index][old].idleSinceNs() >= idleTimeoutNs) {
                old++;
            }
            closeLowest(index, old);
            if (depths[index] > 0) {
                loop.timers().scheduleNoLater(timer, stacks[index][0].idleSinceNs() + idleTimeoutNs);
            }
        }
    }

    private void closeLowest(int index, int count) {
        for (int i = 0; i < count; i++) {
            stacks[index][i].close();
        }
        removeRange(index, 0, count);
    }

    private void removeRange(int index, int from, int to) {
        if (from == to) {
            return;
        }
        ServerConnection[] stack = stacks[index];
        Server server = stack[from].server();
        int depth = depths[index];
        System.arraycopy(stack, to, stack, from, depth - to);
        depths[index] = depth - (to - from);
        for (int i = depths[index]; i < depth; i++) {
            stack[i] = null;
        }
        tellDepth(server);
    }

    private void tellDepth(Server server) {
        counts(server).set(TrafficCount.IDLE, depths[server.index()]);
    }

    private Traffic counts(Server server) {
        return server.traffic().of(loop.index());
    }
}
