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
 * not needed grow old and are closed. Owned by one event loop.
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
     * The connection to the server that was put here last, or null.
     *
     * @param checked whether to make sure that the server has not closed it by now, at the price of a system call: for
     *                requests that could not be sent again
     */
    ServerConnection take(Server server, boolean checked) {
        ServerConnection connection = takeLast(server);
        while (connection != null && checked && !isOpen(connection)) {
            connection.close();
            connection = takeLast(server);
        }
        return connection;
    }

    private ServerConnection takeLast(Server server) {
        int index = server.index();
        if (depths[index] == 0) {
            return null;
        }
        int top = --depths[index];
        ServerConnection connection = stacks[index][top];
        stacks[index][top] = null;
        return connection;
    }

    private boolean isOpen(ServerConnection connection) {
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

    /** Closes all that have been idle for too long: in each stack, the lowest. */
    @Override
    public void onTimer(long nowNs) {
        for (int index = 0; index < stacks.length; index++) {
            int old = 0;
            while (old < depths[index] && nowNs - stacks[index][old].idleSinceNs() >= idleTimeoutNs) {
                stacks[index][old++].close();
            }
            removeLowest(index, 0, old);
            if (depths[index] > 0) {
                loop.timers().scheduleNoLater(timer, stacks[index][0].idleSinceNs() + idleTimeoutNs);
            }
        }
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
