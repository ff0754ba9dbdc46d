package io.sluice.launcher;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that insert row after row, each in a transaction of its own, and connect anew when something fails. They
 * remember what was acknowledged. Safe from any thread.
 */
final class PostgresWriters implements AutoCloseable {

    /**
     * An insert that was acknowledged.
     *
     * @param port        of the server that did it
     * @param connectedNs when its client began to connect
     */
    record Insert(long id, int port, long connectedNs, long startedNs, long acknowledgedNs) { }

    private final String url;
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicInteger generation = new AtomicInteger();
    private final Queue<Insert> acknowledged = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean closed;

    /** Starts them. */
    PostgresWriters(int port, int count) {
        url = "jdbc:postgresql://127.0.0.1:" + port
                + "/postgres?user=postgres&connectTimeout=20&socketTimeout=20&ApplicationName=writer";
        for (int i = 0; i < count; i++) {
            clients.add(Thread.ofVirtual().start(this::write));
        }
    }

    List<Insert> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** Waits for so many further inserts. */
    void awaitNext(int inserts) {
        int before = acknowledged.size();
        await().atMost(30, SECONDS).until(() -> acknowledged.size() >= before + inserts);
    }

    /** Has all clients connect anew, of their own accord. */
    void reconnect() {
        generation.incrementAndGet();
    }

    /** Returns when all have ended. */
    @Override
    public void close() {
        closed = true;
        try {
            for (Thread client : clients) {
                client.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        while (!closed) {
            int mine = generation.get();
            long connectedNs = System.nanoTime();
            try (Connection connection = DriverManager.getConnection(url);
                 PreparedStatement insert = connection.prepareStatement(
                         "INSERT INTO written VALUES (?, inet_server_port()) RETURNING port")) {
                while (!closed && mine == generation.get()) {
                    insertOne(insert, connectedNs);
                }
            } catch (SQLException e) {
                // As in a failover; the next connection may be better.
            }
        }
    }

    private void insertOne(PreparedStatement insert, long connectedNs) throws SQLException {
        long id = lastId.incrementAndGet();
        long startedNs = System.nanoTime();
        insert.setLong(1, id);
        try (ResultSet done = insert.executeQuery()) {
            done.next();
            acknowledged.add(new Insert(id, done.getInt(1), connectedNs, startedNs, System.nanoTime()));
        }
    }
}
