package io.sluice.launcher.upgrade;

import io.sluice.core.linux.DescriptorPassing;
import io.sluice.core.log.FileFailure;
import io.sluice.core.log.FileType;
import io.sluice.core.log.OnceAMinute;
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
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running process's side of an upgrade: starts the next process when asked to, as a child, so that it stays in the
 * service's control group; and passes its listening sockets on to it. The lines, in turn:
 *
 * <pre>
 *   command line: upgrade, command of the new process       this:  started, its number; later: done, or failed and why
 *   new process:  take-over                                 this:  address, port, backlog and the sockets
 *                 next (for each address)                          ... end
 *                 ready, its number: it accepts, too               yours: the admin address is free
 *                 serving: it has the admin address                over: this process has stopped accepting
 *                 up: the next upgrade may come
 * </pre>
 *
 * <p>Until "serving" comes, this process accepts as before. If the new process says "failed" and why instead, or dies,
 * this one goes on; only its admin address has been closed for a moment.
 *
 * <p>Safe from any thread.
 */
public final class UpgradeServer implements AutoCloseable {

    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Logger LOG = LoggerFactory.getLogger(UpgradeServer.class);

    private final Path path;
    private final Object file;
    private final ServerSocketChannel listening;
    private final Predecessor predecessor;
    private final Semaphore oneAtATime = new Semaphore(1);
    private final Semaphore passing = new Semaphore(1);
    /** The client that asked for the upgrade under way and waits for its result; may be null. */
    private final AtomicReference<Conversation> asking = new AtomicReference<>();
    private final OnceAMinute toldOfFailure = new OnceAMinute();
    private volatile boolean passedOn;

    /** What this process does as it is replaced. */
    public interface Predecessor {

        /** Whether this process ends already, as it was told to, so that there is nothing to take over. */
        boolean isEnding();

        /** The sockets to pass on. */
        List<ListeningSockets> sockets();

        /** The successor accepts clients, too: closes the admin address. */
        void leaveAdmin();

        /** The successor has failed: opens the admin address again. */
        void goOn(long failed);

        /** The successor serves: stops accepting, and returns when no worker accepts any more. */
        void stopAccepting(long successor);

        /** The conversation is over: drains and ends. */
        void end();
    }

    /** @param file the identity of the file at the path, which another process may have replaced by its own later */
    private UpgradeServer(Path path, Object file, ServerSocketChannel listening, Predecessor predecessor) {
        this.path = path;
        this.file = file;
        this.listening = listening;
        this.predecessor = predecessor;
    }

    /** Listens in place of an earlier process. @throws IOException also if the path is a file other than a socket */
    public static UpgradeServer open(Path path, Predecessor predecessor) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && !FileType.SOCKET.isThatOf(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("what is there is no socket");
        }
        Files.deleteIfExists(path);
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        UpgradeServer server;
        try {
            listening.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            server = new UpgradeServer(path, identity(path), listening, predecessor);
        } catch (IOException e) {
            listening.close();
            throw e;
        }
        Thread.ofPlatform().daemon().name("upgrade").start(server::accept);
        return server;
    }

    private static Object identity(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }

    /** Removes the socket's file, but not that of a process that has been started since. */
    private void removeFile() {
        try {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && identity(path).equals(file)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            LOG.warn("the upgrade socket is left behind: {}", FileFailure.reasonWithFile(e));
        }
    }

    @Override
    public void close() {
        if (!passedOn) {
            removeFile();
        }
        try {
            listening.close();
        } catch (IOException e) {
            LOG.debug("the upgrade socket did not close cleanly", e);
        }
    }

    private void accept() {
        while (listening.isOpen()) {
            try {
                SocketChannel channel = listening.accept();
                // Platform threads, since native calls pin a virtual thread's carrier.
                Thread.ofPlatform().daemon().name("upgrade-conversation").start(() -> converse(channel));
            } catch (IOException e) {
                onAcceptFailed(e);
            }
        }
    }

    /** The socket has been closed; or there is no descriptor left, which may be otherwise in a moment. */
    private void onAcceptFailed(IOException e) {
        if (listening.isOpen()) {
            if (toldOfFailure.isDue(System.nanoTime())) {
                LOG.error("upgrade: no request can be accepted: {}; it is tried again; logged once a minute at most",
                        e.getMessage());
            }
            LockSupport.parkNanos(this, RETRY_NS);
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

    /** Checks the peer's user: the file's permissions do the same, but not on every system. */
    private static boolean mayAsk(String user) {
        return user.equals("root") || user.equals(ProcessHandle.current().info().user().orElse(user));
    }

    private void start(Conversation client, List<String> command) throws IOException {
        Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            client.say("failed", refusal.get());
            return;
        }
        if (passing.availablePermits() == 0 || !oneAtATime.tryAcquire()) {
            client.say("failed", "another upgrade is under way");
            return;
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            // The watchdog will watch the new process, which becomes the service's main process.
            builder.environment().remove("WATCHDOG_PID");
            Process next = startOrTell(builder, client);
            LOG.info("upgrade: process {} has been started and is to take over", next.pid());
            asking.set(client);
            client.say("started", Long.toString(next.pid()));
            int exitCode = next.waitFor();
            // Waits for the conversation with the new process, which knows better why the process has ended.
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

    private static Process startOrTell(ProcessBuilder next, Conversation client) throws IOException {
        try {
            return next.start();
        } catch (IOException e) {
            client.say("failed", e.getMessage());
            throw e;
        }
    }

    /** Why nobody can take over from this process; empty if somebody can. */
    private Optional<String> refusal() {
        if (passedOn) {
            return Optional.of("another process has taken over already; ask that one");
        }
        return predecessor.isEnding() ? Optional.of("this process has been told to end") : Optional.empty();
    }

    private void takeTurn(Conversation successor) throws IOException {
        if (!passing.tryAcquire()) {
            LOG.warn("upgrade: two processes want to take over; the second one is refused");
            successor.say("failed", "another process is taking over already");
            return;
        }
        try {
            Optional<String> refusal = refusal();
            if (refusal.isPresent()) {
                successor.say("failed", refusal.get());
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

    /** The successor serves. If it dies from here on, restarting it is up to the service manager. */
    private void end(Conversation successor, long process) throws IOException {
        passedOn = true;
        removeFile();
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

    /** Tells the client that asked for the upgrade, if there is one, how it ended. */
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
