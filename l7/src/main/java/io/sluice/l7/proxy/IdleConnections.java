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
import java.util.List;

/**
 * One worker's kept connections to the servers of one pool. The one used last is taken first, so that those that are
 * not needed grow old and are closed. When the pool's servers change, those to servers that stay are kept.
 *
 * <p>What a server says on a kept connection answers nothing that was asked, and must not be taken for the answer to
 * the next request. The kernel tells of it, but perhaps later in the cycle in which the connection is taken: until
 * then the connection is in doubt. And of one that was put here in this very cycle the kernel has not been asked yet,
 * so another is preferred, and if there is none, a read makes sure. What remains is what arrives while a cycle lasts
 * and while the request is on its way, as with any proxy: HTTP/1.1 numbers neither requests nor responses.
 *
 * <p>Owned by one event loop.
 */
final class IdleConnections implements PoolObserver, TimerHandler {

    private static final int MOST_UNASKED_BYTES = 512;

    private final EventLoop loop;
    /** For what a server says unasked, such as that it has waited for long enough. */
    private final ByteBuffer unasked = ByteBuffer.allocateDirect(MOST_UNASKED_BYTES);
    private final Timer timer = new Timer(this);
    private List<Server> servers = List.of();
    private HttpPoolConfig.Connections config;
    /** By the servers' indices, as all of these; null where there is none. */
    private Server[] owners = {};
    private ServerConnection[][] stacks = {};
    private int[] depths = {};
    private long idleTimeoutNs;
    private int mostExchanges;

    /** Keeps none before {@link #keepFor}. */
    IdleConnections(EventLoop loop) {
        this.loop = loop;
    }

    /** From now on keeps connections to these servers only, and as many as this says. */
    void keepFor(List<Server> wanted, HttpPoolConfig.Connections as) {
        if (servers.equals(wanted) && as.equals(config)) {
            return;
        }
        ServerConnection[][] before = stacks;
        int[] depthsBefore = depths;
        servers = wanted;
        config = as;
        idleTimeoutNs = config.idleTimeout().toNanos();
        mostExchanges = config.maxRequests();
        int slots = servers.stream().mapToInt(Server::index).max().orElse(-1) + 1;
        owners = new Server[slots];
        servers.forEach(server -> owners[server.index()] = server);
        stacks = new ServerConnection[slots][config.idlePerServer()];
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

    /** Closes all; those that come back later, too. */
    void closeAll() {
        keepFor(List.of(), config);
    }

    /** Closes those that are here now; others will be kept. @return how many */
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
     * A connection to the server, or null.
     *
     * @param checked whether to make sure that the server has neither closed it nor said anything by now, at the price
     *                of a system call: for requests that could not be sent again
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
            // What this cycle has yet to tell of it came before the request.
            connection.doubtUntilAfter(loop.nowNs());
        }
        return connection;
    }

    /** The time of this cycle. */
    long nowNs() {
        return loop.nowNs();
    }

    /** The last one that was put here before this cycle; only if there is none, another. */
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
        // Those above are all of this cycle, so this changes no order of age.
        stack[chosen] = stack[top];
        stack[top] = null;
        tellDepth(server);
        return connection;
    }

    private boolean isOfThisCycle(ServerConnection connection) {
        return connection.idleSinceNs() == loop.nowNs();
    }

    /** Whether the server has neither closed the connection nor said anything; asks the socket. */
    boolean isSilent(ServerConnection connection) {
        return connection.connection().read(unasked.clear()) == 0;
    }

    /** Keeps a connection, or closes it if there are enough or it has done its share. */
    void put(ServerConnection connection) {
        int index = connection.server().index();
        boolean isKept = has(connection.server()) && connection.exchanges() < mostExchanges
                && depths[index] < stacks[index].length;
        if (!isKept) {
            connection.close();
            return;
        }
        stacks[index][depths[index]++] = connection;
        tellDepth(connection.server());
        loop.timers().scheduleNoLater(timer, connection.idleSinceNs() + idleTimeoutNs);
    }

    /** Forgets a connection that is here. */
    void remove(ServerConnection connection) {
        if (!has(connection.server())) {
            return;
        }
        int index = connection.server().index();
        ServerConnection[] stack = stacks[index];
        for (int i = 0; i < depths[index]; i++) {
            if (stack[i] == connection) {
                removeLowest(index, i, i + 1);
                return;
            }
        }
    }

    /** Closes all to a server that is down. Safe from any thread: it is done a little later. */
    @Override
    public void onDown(Pool pool, Server server) {
        loop.mailbox().post(() -> close(server));
    }

    private void close(Server server) {
        if (has(server)) {
            closeLowest(server.index(), depths[server.index()]);
        }
    }

    /** Closes all that have been idle for too long: in each stack, the lowest. */
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
        removeLowest(index, 0, count);
    }

    private void removeLowest(int index, int from, int to) {
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
