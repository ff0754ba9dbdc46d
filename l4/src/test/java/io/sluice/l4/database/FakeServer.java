package io.sluice.l4.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that treats every client the same way. Safe from any thread. */
final class FakeServer implements AutoCloseable {

    private final ServerSocket listening;
    private final Manners manners;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final AtomicInteger served = new AtomicInteger();

    /** What it does with a client; at the end the connection is closed. */
    interface Manners {
        void serve(InputStream in, OutputStream out) throws IOException;
    }

    private FakeServer(ServerSocket listening, Manners manners) {
        this.listening = listening;
        this.manners = manners;
    }

    static FakeServer start(Manners manners) throws IOException {
        return start(new ServerSocket(), manners);
    }

    /** @param listening not yet bound */
    static FakeServer start(ServerSocket listening, Manners manners) throws IOException {
        listening.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        FakeServer server = new FakeServer(listening, manners);
        Thread.startVirtualThread(server::accept);
        return server;
    }

    /** One that takes connections and is silent. */
    static FakeServer silent() throws IOException {
        return start((in, _) -> in.transferTo(OutputStream.nullOutputStream()));
    }

    int port() {
        return listening.getLocalPort();
    }

    /** How many connections there have been. */
    int served() {
        return served.get();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket client : clients) {
            client.close();
        }
    }

    private void accept() {
        try {
            for (;;) {
                Socket client = listening.accept();
                client.setTcpNoDelay(true);
                clients.add(client);
                served.incrementAndGet();
                Thread.startVirtualThread(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket client) {
        try (client) {
            manners.serve(client.getInputStream(), client.getOutputStream());
        } catch (IOException e) {
            // The client has gone, or the test is over.
        }
    }
}
