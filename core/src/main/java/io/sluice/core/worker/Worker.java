package io.sluice.core.worker;

import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.PipePool;
import io.sluice.core.buffer.Vessels;
import io.sluice.core.linux.CpuAffinity;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Pace;
import io.sluice.core.net.TcpSocket;
import io.sluice.core.net.TlsBuffers;
import io.sluice.core.pool.Server;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.PaddedCounter;
import io.sluice.core.stats.TrafficCount;
import io.sluice.core.stats.WorkerStats;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker: a thread with its event loop, its listening sockets, its buffers and its sessions. A connection lives and
 * dies on one worker. The methods named {@code ask...} are safe from any thread: they post to the mailbox. So are
 * {@link #stop} and those that return what never changes. All others belong to the worker's own thread, once it has
 * been started.
 */
public final class Worker {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final String name;
    private final OptionalInt core;
    private final EventLoop loop;
    private final BufferPool buffers;
    private final PipePool pipes;
    private final WorkerStats stats = new WorkerStats();
    private final Vessels vessels;
    private final TlsBuffers tlsBuffers;
    private final PaddedCounter load = new PaddedCounter();
    private final SessionList sessions = new SessionList();
    private final Acceptors acceptors;
    private final Thread thread;
    private Snapshot snapshot = Snapshot.EMPTY;
    private boolean draining;
    private long mostIdleNs = Long.MAX_VALUE;

    /**
     * @param loop        has the worker's index, unique within the process
     * @param core        the CPU core that its thread is bound to, if any
     * @param bufferBytes size of each buffer
     * @param mostBuffers how many this worker may use
     * @param mostPipes   how many it may use for zero-copy; 0 for none
     */
    public Worker(EventLoop loop, Placement placement, OptionalInt core, int bufferBytes, int mostBuffers,
            int mostPipes) {
        this.core = core;
        this.loop = loop;
        name = "worker-" + loop.index();
        buffers = new BufferPool(loop, bufferBytes, mostBuffers);
        pipes = new PipePool(loop, mostPipes);
        tlsBuffers = new TlsBuffers(loop);
        vessels = new Vessels(buffers, pipes, stats);
        acceptors = new Acceptors(this, placement);
        thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    public String name() {
        return name;
    }

    /** Client connections that are served here or on their way here. Safe from any thread. */
    public int connections() {
        return load.get();
    }

    /** Closed connections of TLS that still have bytes to send. Safe from any thread. */
    public int closing() {
        return tlsBuffers.closing();
    }

    public EventLoop loop() {
        return loop;
    }

    public BufferPool buffers() {
        return buffers;
    }

    /** The buffers and pipes of this worker's flows. */
    public Vessels vessels() {
        return vessels;
    }

    /** The memory of this worker's TLS connections. */
    public TlsBuffers tlsBuffers() {
        return tlsBuffers;
    }

    public WorkerStats stats() {
        return stats;
    }

    /** The thread that runs the loop. */
    public Thread thread() {
        return thread;
    }

    public void start() {
        thread.start();
    }

    /** Has the worker replace its snapshot as a whole and then run {@code whenDone}. */
    public void askToServe(Snapshot next, Runnable whenDone) {
        loop.mailbox().post(() -> {
            serve(next);
            whenDone.run();
        });
    }

    /** The service that has a listener's clients at present; null if the listener is gone. */
    public Service service(Listener listener) {
        return snapshot.service(listener);
    }

    /**
     * Has the worker accept a listener's clients on its own listening socket, bound already. If another listener had
     * the socket until now, connections that wait in its queue become this listener's clients.
     */
    public void askToAccept(Listener listener, ServerSocketChannel socket) {
        loop.mailbox().post(() -> acceptors.accept(listener, socket));
    }

    /** Has the worker close this listening socket, after accepting the connections that wait in its queue. */
    public void askToStopAccepting(ServerSocketChannel socket) {
        loop.mailbox().post(() -> acceptors.close(socket));
    }

    /** Has the worker run this after all that it was asked before. */
    public void ask(Runnable work) {
        loop.mailbox().post(work);
    }

    /**
     * Has the worker close its listening sockets, after accepting the connections that wait in their queues, and then
     * run {@code whenDone}. From then on a client gets no more than its current or next request served.
     *
     * @param mostIdleNs how long a session may be idle from now on; 0: not at all
     */
    public void askToDrain(long mostIdleNs, Runnable whenDone) {
        loop.mailbox().post(() -> {
            acceptors.closeAll();
            draining = true;
            this.mostIdleNs = mostIdleNs;
            sessions.forEach(Session::drain);
            whenDone.run();
        });
    }

    /** Has the worker end idle sessions, as Sluice runs short of a resource. */
    public void askToCloseIdleSessions() {
        loop.mailbox().post(() -> sessions.forEach(Session::giveWay));
    }

    /** Has the worker reset all sessions on a server that went down. */
    public void askToAbortSessions(Server server) {
        loop.mailbox().post(() -> sessions.forEach(session -> session.server() == server,
                session -> session.abort(Termination.DOWN_DATA)));
    }

    /**
     * Has the worker react to a server that is no longer the primary: sessions that are connecting to it try another
     * one.
     *
     * @param closing the pace at which established sessions on it are reset; null leaves them alone
     */
    public void askToLeaveDemoted(Server server, Pace closing) {
        loop.mailbox().post(() -> {
            sessions.forEach(Session::reconsider);
            if (closing != null) {
                new PacedClose(loop, session -> session.server() == server && session.isMisplaced(),
                        Termination.ROLE_DATA, closing).start(sessions);
            }
        });
    }

    /**
     * Has the worker reset the sessions on servers that new clients do not get any more, as they get this one.
     *
     * @param closing the pace of that
     */
    public void askToFailBack(Server available, Pace closing) {
        loop.mailbox().post(() -> new PacedClose(loop, session -> session.prefers(available),
                Termination.FAILBACK_DATA, closing).start(sessions));
    }

    /**
     * Has the worker report its newest sessions that match, at most {@code most}. It may walk through all its sessions
     * at one go.
     */
    public void askForSessions(SessionFilter filter, int most, Consumer<List<SessionInfo>> receiver) {
        loop.mailbox().post(() -> receiver.accept(sessions.list(filter, most, loop.index())));
    }

    /** Has the worker reset the session of that id and report whether there was one. */
    public void askToEndSession(long id, Consumer<Boolean> receiver) {
        loop.mailbox().post(() -> receiver.accept(
                sessions.forEach(session -> session.id == id, session -> session.abort(Termination.OPERATOR)) > 0));
    }

    /** Has the worker end all sessions, with resets where something is cut short. */
    public void askToKillSessions() {
        loop.mailbox().post(() -> {
            sessions.forEach(Session::kill);
            tlsBuffers.abandonClosing();
        });
    }

    /** Has the worker end, and waits until its thread has. */
    public void stop() throws InterruptedException {
        loop.stop();
        thread.join();
    }

    /** Whether no more connections are accepted, so that client connections should not be kept alive. */
    public boolean isDraining() {
        return draining;
    }

    /** How long a session may be idle before it ends, although its client was not told. Unlimited before a drain. */
    public long mostIdleNs() {
        return mostIdleNs;
    }

    /** A session has begun. */
    public void onSessionStart(Session session) {
        sessions.add(session);
    }

    /** A session has ended. */
    public void onSessionEnd(Session session) {
        sessions.remove(session);
        load.decrementAndGet();
        stats.count(Counter.CONNECTIONS_ENDED);
        session.listener().clientLimit().release(session);
        session.listener().limit().release();
    }

    /** Serves a client that has been accepted here or by another worker. */
    void serveClient(Listener listener, TcpSocket client) {
        listener.traffic().of(loop.index()).count(TrafficCount.CONNECTIONS);
        snapshot.service(listener).accept(client);
    }

    /** Connections that are served here or on their way here. */
    PaddedCounter load() {
        return load;
    }

    private void run() {
        if (core.isPresent() && !CpuAffinity.bind(core.getAsInt())) {
            LOG.warn("{} could not be bound to core {} and runs anywhere", name, core.getAsInt());
        }
        loop.run();
        pipes.close();
    }

    private void serve(Snapshot next) {
        Snapshot before = snapshot;
        snapshot = next;
        next.services().values().forEach(Service::begin);
        sessions.forEach(session -> session.listener().clientLimit().include(session));
        sessions.forEach(Session::onSnapshot);
        before.services().forEach((listener, service) -> {
            if (next.service(listener) != service) {
                service.retire(next.service(listener) != null);
            }
        });
    }
}
