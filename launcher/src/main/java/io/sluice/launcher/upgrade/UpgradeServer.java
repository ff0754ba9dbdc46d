package io.sluice.launcher.upgrade;

import io.sluice.core.linux.DescriptorPassing;
import io.sluice.launcher.control.ListeningSockets;
import io.sluice.launcher.upgrade.Conversation.Line;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running process's side: starts the next one when it is told to, as a child, so that it stays in the service; and
 * passes its listening sockets on to it. What is said, in turn:
 *
 * <pre>
 *   command line: upgrade, command of the new process       this:  started, its number; later: done, or failed and why
 *   new process:  take-over                                 this:  address, port, backlog and the sockets
 *                 next (for each address)                          ... end
 *                 ready, its number: it accepts, too               yours: the admin address is free
 *                 serving: it answers there                        over: from here on this process accepts no more
 *                 up: it can be upgraded in its turn
 * </pre>
 *
 * <p>Until it hears "serving" this process accepts as ever. If the new one says "failed" and why in its place, or dies,
 * nothing has happened but that nobody has answered at the admin address for a moment.
 *
 * <p>Safe from any thread.
 */
public final class UpgradeServer implements AutoCloseable {

    private static final int S_IFMT = 0xf000;
    private static final int S_IFSOCK = 0xc000;
    private static final Logger LOG = LoggerFactory.getLogger(UpgradeServer.class);

    private final Path path;
    private final ServerSocketChannel listening;
    private final Predecessor predecessor;
    private final Semaphore oneAtATime = new Semaphore(1);
    private final Semaphore passing = new Semaphore(1);
    /** Who has asked for the upgrade that is under way, and waits to be told how it ends, if anyone. */
    private final AtomicReference<Conversation> asking = new AtomicReference<>();
    private volatile boolean passedOn;

    /** What this process does when it is replaced. */
    public interface Predecessor {

        /** What there is to pass on. */
        List<ListeningSockets> sockets();

        /** The other process accepts clients, too: leaves the admin address to it. */
        void leaveAdmin();

        /** The other process has failed: takes the admin address back. */
        void goOn(long failed);

        /** The other process serves: stops accepting, and returns when nobody is accepted here any more. */
        void stopAccepting(long successor);

        /** Nothing is left to be said: ends when its clients have. */
        void end();
    }

    private UpgradeServer(Path path, ServerSocketChannel listening, Predecessor predecessor) {
        this.path = path;
        this.listening = listening;
        this.predecessor = predecessor;
    }

    /** Listens, in place of whoever did before. A file that is no socket stays, and nobody listens. */
    public static UpgradeServer open(Path path, Predecessor predecessor) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !isSocket(path)) {
            throw new IOException("what is there is no socket");
        }
        Files.deleteIfExists(path);
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listening.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            listening.close();
            throw e;
        }
        UpgradeServer server = new UpgradeServer(path, listening, predecessor);
        Thread.ofPlatform().daemon().name("upgrade").start(server::accept);
        return server;
    }

    /** By inode(7): to the JDK a device is as much another kind of file as a socket is. */
    private static boolean isSocket(Path path) throws IOException {
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & S_IFMT) == S_IFSOCK;
    }

    @Override
    public void close() {
        try {
            listening.close();
            if (!passedOn) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.debug("the upgrade socket was not removed", e);
        }
    }

    private void accept() {
        try {
            for (;;) {
                SocketChannel channel = listening.accept();
                // Native calls hold on to their thread.
                Thread.ofPlatform().daemon().name("upgrade-conversation").start(() -> converse(channel));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void converse(SocketChannel channel) {
        try (Conversation conversation = new Conversation(channel)) {
            if (!mayAsk(conversation.user())) {
                LOG.warn("upgrade: {} is not allowed to ask for it", conversation.user());
                return;
            }
            Line line = conversation.hear("take-over", "upgrade");
            if (line.first().equals("upgrade")) {
                start(conversation, line.words().subList(1, line.words().size()));
            } else {
                takeTurn(conversation);
            }
        } catch (IOException e) {
            LOG.warn("upgrade: it did not come to its end, {}: {}",
                    passedOn ? "but this process drains" : "this process goes on", e.getMessage());
        }
    }

    /** The file says so already, where its permissions count. */
    private static boolean mayAsk(String user) {
        return user.equals("root") || user.equals(ProcessHandle.current().info().user().orElse(user));
    }

    private void start(Conversation client, List<String> command) throws IOException {
        if (passedOn) {
            client.say("failed", "another process has taken over already; ask that one");
            return;
        }
        if (passing.availablePermits() == 0 || !oneAtATime.tryAcquire()) {
            client.say("failed", "another upgrade is under way");
            return;
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            // The watchdog watches whoever is the service's process, which will be that one.
            builder.environment().remove("WATCHDOG_PID");
            Process next = builder.start();
            LOG.info("upgrade: process {} has been started and is to take over", next.pid());
            asking.set(client);
            client.say("started", Long.toString(next.pid()));
            int exitCode = next.waitFor();
            // Whoever speaks to it until it ends knows better why it has.
            passing.acquire();
            passing.release();
            if (!passedOn) {
                LOG.error("upgrade: process {} has ended with {} before it served; this process goes on",
                        next.pid(), exitCode);
                answer("failed", "the new process has ended with " + exitCode + "; the log says why");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            asking.set(null);
            oneAtATime.release();
        }
    }

    private void takeTurn(Conversation successor) throws IOException {
        if (!passing.tryAcquire()) {
            LOG.warn("upgrade: two processes want to take over; the second one is refused");
            successor.say("failed", "another process is taking over already");
            return;
        }
        try {
            if (passedOn) {
                successor.say("failed", "another process has taken over already; ask that one");
            } else {
                passOn(successor);
            }
        } finally {
            passing.release();
        }
    }

    private void passOn(Conversation successor) throws IOException {
        for (ListeningSockets sockets : predecessor.sockets()) {
            List<ServerSocketChannel> all = sockets.sockets();
            List<String> words = List.of("address", sockets.address().getAddress().getHostAddress(),
                    Integer.toString(sockets.address().getPort()), Integer.toString(sockets.backlog()));
            if (all.size() > DescriptorPassing.MOST) {
                throw new IOException("an address has more sockets than can be passed on");
            }
            successor.say(words, all);
            successor.hear("next");
        }
        successor.say("end");
        long process = Long.parseLong(successor.hear("ready").words().get(1));
        predecessor.leaveAdmin();
        try {
            successor.say("yours");
            successor.hear("serving");
        } catch (IOException e) {
            predecessor.goOn(process);
            answer("failed", "the new process could not serve: " + e.getMessage());
            throw e;
        }
        end(successor, process);
    }

    /** The successor serves; so does whoever it may be that restarts it if it dies from here on. */
    private void end(Conversation successor, long process) throws IOException {
        passedOn = true;
        Files.deleteIfExists(path);
        predecessor.stopAccepting(process);
        try {
            successor.say("over");
            successor.hear("up");
            answer("done", Long.toString(process));
        } catch (IOException e) {
            answer("failed", "process " + process + " has taken over and died then: " + e.getMessage());
            throw e;
        } finally {
            predecessor.end();
        }
    }

    /** Tells who has asked for the upgrade, if anyone has, how it ended. */
    private void answer(String... words) {
        Conversation client = asking.getAndSet(null);
        if (client == null) {
            return;
        }
        try {
            client.say(words);
        } catch (IOException e) {
            LOG.debug("who asked for the upgrade has not waited for its end", e);
        }
    }
}
