package io.sluice.launcher.upgrade;

import io.sluice.core.linux.DescriptorPassing;
import io.sluice.core.net.ListenSocket;
import io.sluice.launcher.control.LaunchException;
import io.sluice.launcher.control.ListeningSockets;
import io.sluice.launcher.upgrade.Conversation.Line;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The new process's side of an upgrade: gets the old process's listening sockets at the start, while the old process
 * serves on until this one is ready. If this one ends before, the old one simply goes on. For one thread.
 */
public final class Takeover implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private final Path socket;
    private final Conversation old;

    private Takeover(Path socket, Conversation old) {
        this.socket = socket;
        this.old = old;
    }

    /** Connects to the process that listens on that Unix socket. */
    public static Takeover from(Path socket) throws LaunchException {
        if (!DescriptorPassing.isAvailable()) {
            throw new LaunchException("no other process can be taken over from without native calls of Linux");
        }
        try {
            return new Takeover(socket, Conversation.with(socket));
        } catch (IOException e) {
            throw impossible(socket, e);
        }
    }

    /** Asks for the sockets that the old process listens on. @return them, now owned by the caller */
    public List<ListeningSockets> receiveSockets() throws LaunchException {
        try {
            return receive();
        } catch (IOException e) {
            throw impossible(socket, e);
        }
    }

    private static LaunchException impossible(Path socket, IOException e) {
        return new LaunchException("no process can be taken over from at " + socket + ": " + e.getMessage());
    }

    /**
     * Tells the old process that this one accepts clients; the old one closes its admin address.
     *
     * @return false if the old process has ended by itself: its clients are lost, and this process serves the new ones
     */
    public boolean ready() {
        return tell("yours", "ready", Long.toString(ProcessHandle.current().pid()));
    }

    /** Tells the old process that this one has the admin address. Returns when the old one has stopped accepting. */
    public void serving() {
        tell("over", "serving");
    }

    /** Tells the old process that this one cannot serve, so the old one has to go on. */
    public void failed(String why) {
        sayLast("failed", why);
    }

    /** Tells the old process that the upgrade is complete. */
    public void up() {
        sayLast("up");
    }

    private void sayLast(String... words) {
        try (old) {
            old.say(words);
        } catch (IOException e) {
            LOG.debug("the process before this one has ended", e);
        }
    }

    private boolean tell(String answer, String... words) {
        try {
            old.say(words);
            old.hear(answer);
            return true;
        } catch (IOException e) {
            LOG.warn("upgrade: the process before this one has ended; this one goes on: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        old.close();
    }

    private List<ListeningSockets> receive() throws IOException {
        List<ListeningSockets> sockets = new ArrayList<>();
        old.say("take-over");
        for (Line line = old.hear("address", "end"); !line.first().equals("end"); line = old.hear("address", "end")) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(line.words().get(1)),
                    Integer.parseInt(line.words().get(2)));
            List<ServerSocketChannel> adopted = new ArrayList<>();
            for (int descriptor : line.descriptors()) {
                adopted.add(ListenSocket.adopt(descriptor, address));
            }
            sockets.add(new ListeningSockets(address, Integer.parseInt(line.words().get(3)), adopted));
            old.say("next");
        }
        return sockets;
    }
}
