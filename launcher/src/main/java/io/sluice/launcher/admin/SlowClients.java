package io.sluice.launcher.admin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections on which the head of a request is not complete within a time limit: however little a slow client
 * sends, it cannot hold one of the few connections for long. Safe from any thread.
 */
final class SlowClients implements Connection.Listener {

    private final Scheduler scheduler;
    private final long patienceMs;
    private final Map<Connection, Scheduler.Task> waiting = new ConcurrentHashMap<>();

    SlowClients(Scheduler scheduler, long patienceMs) {
        this.scheduler = scheduler;
        this.patienceMs = patienceMs;
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection)) {
            awaitRequest(connection);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        onRequest(connection);
    }

    /** Starts the time limit for the head of the client's next request. */
    void awaitRequest(Connection connection) {
        waiting.put(connection, scheduler.schedule(() -> end(connection), patienceMs, TimeUnit.MILLISECONDS));
    }

    /** The head of a request has come. */
    void onRequest(Connection connection) {
        Scheduler.Task task = waiting.remove(connection);
        if (task != null) {
            task.cancel();
        }
    }

    private void end(Connection connection) {
        if (waiting.remove(connection) != null) {
            connection.getEndPoint().close();
        }
    }
}
