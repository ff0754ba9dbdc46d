package io.sluice.l7.proxy;

import io.sluice.config.HttpPoolConfig;
import io.sluice.core.buffer.BufferPool;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.pool.Server;
import java.nio.ByteBuffer;

/**
 * One worker's kept connections to the servers of one pool. The one used last is taken first, so that those that are
 * not needed grow old and are closed.
 *
 * <p>What a server says on a kept connection answers nothing that was asked, and must not be taken for the answer to the
 * next request. The selector tells of it, but perhaps later in the cycle in which the connection is taken: until then
 * the connection is in doubt. And of one that was put here in this very cycle the selector has not been asked yet, so
 * another is preferred, and if there is none, a read makes sure. What remains is what arrives while a cycle lasts and
 * while the request is on its way, as with any proxy: HTTP/1.1 numbers neither requests nor responses.
 *
 * <p>Owned by one event loop.
 */
final class IdleConnections implements TimerHandler {

    private final EventLoop loop;
    private final BufferPool buffers;
    private final ServerConnection[][] stacks;
    private final int[] depths;
    private final long idleTimeoutNs;
    private final int mostExchanges;
    private final Timer timer = new Timer(this);

    IdleConnections(EventLoop loop, BufferPool buffers, int servers, HttpPoolConfig.Connections config) {
        this.loop = loop;
        this.buffers = buffers;
        stacks = new ServerConnection[servers][config.idlePerServer()];
        depths = new int[servers];
        idleTimeoutNs = config.idleTimeout().toNanos();
        mostExchanges = config.maxRequests();
    }

    /**
     * A connection to the server, or null.
     *
     * @param checked whether to make sure that the server has neither closed it nor said anything by now, at the price
     *                of a system call: for requests that could not be sent again
     */
    ServerConnection take(Server server, boolean checked) {
        ServerConnection connection = takeSettled(server.index());
        while (connection != null && (checked || isOfThisCycle(connection))) {
            if (isSilent(connection)) {
                return connection;
            }
            connection.close();
            connection = takeSettled(server.index());
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

    /** The last one that was put here before this cycle; only if there is none, the last one. */
    private ServerConnection takeSettled(int index) {
        if (depths[index] == 0) {
            return null;
        }
        ServerConnection[] stack = stacks[index];
        int top = --depths[index];
        int chosen = top;
        while (chosen > 0 && isOfThisCycle(stack[chosen])) {
            chosen--;
        }
        if (isOfThisCycle(stack[chosen])) {
            chosen = top;
        }
        ServerConnection connection = stack[chosen];
        // Those above are all of this cycle, so this changes no order of age.
        stack[chosen] = stack[top];
        stack[top] = null;
        return connection;
    }

    private boolean isOfThisCycle(ServerConnection connection) {
        return connection.idleSinceNs() == loop.nowNs();
    }

    private boolean isSilent(ServerConnection connection) {
        ByteBuffer buffer = buffers.acquire();
        if (buffer == null) {
            return false;
        }
        int count = connection.connection().read(buffer);
        buffers.release(buffer);
        return count == 0;
    }

    /** Keeps a connection, or closes it if there are enough or it has done its share. */
    void put(ServerConnection connection) {
        int index = connection.server().index();
        if (depths[index] == stacks[index].length || connection.exchanges() >= mostExchanges) {
            connection.close();
            return;
        }
        stacks[index][depths[index]++] = connection;
        loop.timers().scheduleNoLater(timer, connection.idleSinceNs() + idleTimeoutNs);
    }

    /** Forgets a connection that is here. */
    void remove(ServerConnection connection) {
        int index = connection.server().index();
        ServerConnection[] stack = stacks[index];
        for (int i = 0; i < depths[index]; i++) {
            if (stack[i] == connection) {
                removeLowest(index, i, i + 1);
                return;
            }
        }
    }

    /** Closes all to a server, which is down. */
    void close(Server server) {
        closeLowest(server.index(), depths[server.index()]);
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
        ServerConnection[] stack = stacks[index];
        int depth = depths[index];
        System.arraycopy(stack, to, stack, from, depth - to);
        depths[index] = depth - (to - from);
        for (int i = depths[index]; i < depth; i++) {
            stack[i] = null;
        }
    }
}
