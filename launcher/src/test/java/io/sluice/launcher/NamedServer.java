package io.sluice.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small blocking server on loopback, with a name to tell it from others; it can be killed, and come back on the same
 * port. Safe from any thread.
 */
public final class NamedServer implements AutoCloseable {

    private final String name;
    private final Conversation conversation;
    private final int port;
    /** Its own lock, since the accepting thread must get on while the others of this class wait for it. */
    private final Set<Socket> clients = new HashSet<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private ServerSocket listening;
    private CompletableFuture<Void> accepting;

    private NamedServer(String name, Conversation conversation) throws IOException {
        this.name = name;
        this.conversation = conversation;
        ServerSocket socket = LoopbackPorts.listen();
        port = socket.getLocalPort();
        listen(socket);
    }

    /** One that answers lines with its name. */
    static NamedServer start(String name) throws IOException {
        return start(name, Conversation.ANSWER_LINES);
    }

    public static NamedServer start(String name, Conversation conversation) throws IOException {
        return new NamedServer(name, conversation);
    }

    /** The servers as a flow sequence of a configuration. */
    static String entries(NamedServer... servers) {
        return Stream.of(servers).map(server -> server.entry("")).collect(Collectors.joining(", ", "[", "]"));
    }

    /** The server as an entry of a configuration, with further keys such as {@code weight: 2}. */
    public String entry(String furtherKeys) {
        return "{ name: " + name + ", address: 127.0.0.1:" + port + (furtherKeys.isEmpty() ? "" : ", " + furtherKeys)
                + " }";
    }

    public int port() {
        return port;
    }

    /** All connections ever, those of health checks too. */
    int accepted() {
        return accepted.get();
    }

    /** All connections ever that had been made by now, and one more: a connection may wait to be accepted. */
    int acceptedAndOneMore() throws IOException {
        try (TestClient last = TestClient.to(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port))) {
            last.askForName();
        }
        return accepted();
    }

    /** Takes nobody new, and so fails its health checks; connections go on. */
    synchronized void stopListening() throws IOException {
        listening.close();
        // Until the accepting thread has let go of the socket, the kernel goes on to accept.
        accepting.join();
    }

    /** Stops listening and resets all connections, as the kernel does when a process dies with unread input. */
    public synchronized void kill() throws IOException {
        stopListening();
        synchronized (clients) {
            clients.forEach(NamedServer::resetIfOpen);
            clients.clear();
        }
    }

    /** Says something unasked on every connection. */
    void sendToAll(String text) throws IOException {
        synchronized (clients) {
            for (Socket client : clients) {
                client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** Listens again after {@link #kill} or {@link #stopListening}. */
    public synchronized void comeBack() throws IOException {
        listen(LoopbackPorts.listen(port));
    }

    @Override
    public void close() throws IOException {
        kill();
    }

    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void resetIfOpen(Socket client) {
        try {
            reset(client);
        } catch (IOException e) {
            // Its conversation has closed it, but has not ended yet.
        }
    }

    private void listen(ServerSocket socket) {
        listening = socket;
        accepting = CompletableFuture.runAsync(() -> acceptFrom(socket), Thread::startVirtualThread);
    }

    private void acceptFrom(ServerSocket socket) {
        try {
            for (;;) {
                Socket client = socket.accept();
                accepted.incrementAndGet();
                synchronized (clients) {
                    clients.add(client);
                }
                Thread.startVirtualThread(() -> serve(client));
            }
        } catch (IOException e) {
            // Stopped.
        }
    }

    private void serve(Socket client) {
        try {
            conversation.hold(name, client);
        } catch (IOException e) {
            // The client, or this server, went away.
        } finally {
            end(client);
        }
    }

    private void end(Socket client) {
        synchronized (clients) {
            clients.remove(client);
            try {
                client.close();
            } catch (IOException e) {
                // It is released all the same.
            }
        }
    }
}
