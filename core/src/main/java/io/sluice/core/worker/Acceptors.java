package io.sluice.core.worker;

import io.sluice.core.net.AcceptHandler;
import io.sluice.core.net.Acceptor;
import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.net.TcpSocket;
import io.sluice.core.stats.Counter;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker's listening sockets: hands each client to the worker that is to serve it. Owned by one event loop. */
final class Acceptors {

    private static final Logger LOG = LoggerFactory.getLogger(Acceptors.class);

    private final Worker worker;
    private final Placement placement;
    private final Map<ServerSocketChannel, Acceptor> acceptors = new HashMap<>();

    Acceptors(Worker worker, Placement placement) {
        this.worker = worker;
        this.placement = placement;
    }

    /** Accepts a listener's clients on this socket, which another listener may have had until now. */
    void accept(Listener listener, ServerSocketChannel socket) {
        Acceptor acceptor = acceptors.get(socket);
        if (acceptor == null) {
            acceptors.put(socket, new Acceptor(worker.loop(), socket, listener.limit(), new Accepting(listener)));
        } else {
            acceptor.handOver(listener.limit(), new Accepting(listener));
        }
    }

    /** Closes this socket, if this worker has it, after accepting the connections that wait in its queue. */
    void close(ServerSocketChannel socket) {
        Acceptor acceptor = acceptors.remove(socket);
        if (acceptor != null) {
            acceptor.close();
        }
    }

    /** Closes all sockets, likewise. */
    void closeAll() {
        acceptors.values().forEach(Acceptor::close);
        acceptors.clear();
    }

    private final class Accepting implements AcceptHandler {

        private final Listener listener;

        Accepting(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void onAccepted(TcpSocket client) {
            worker.stats().count(Counter.CONNECTIONS_ACCEPTED);
            Worker chosen = placement.place(worker);
            if (chosen == worker) {
                worker.serveClient(listener, client);
            } else {
                worker.stats().count(Counter.CONNECTIONS_HANDED_OVER);
                chosen.ask(() -> chosen.serveClient(listener, client));
            }
        }

        @Override
        public void onLimit() {
            if (listener.mayTellOfLimit(worker.loop().nowNs())) {
                ConnectionLimit full = listener.limit().full();
                LOG.warn("listener {} accepts nobody until connections end: {} has {} of at most {}; logged once a "
                                + "minute at most",
                        listener.name(), full == listener.limit() ? "it" : "the process", full.taken(), full.most());
            }
        }

        @Override
        public void onAcceptFailed(String reason) {
            worker.stats().count(Counter.ACCEPT_FAILURES);
            if (listener.mayTellOfFailure(worker.loop().nowNs())) {
                LOG.error("listener {}: {} cannot accept connections: {}; it tries again until it can; logged once a "
                        + "minute at most", listener.name(), worker.name(), reason);
            }
        }
    }
}
