package io.sluice.core.worker;

import io.sluice.config.ProxyProtocolConfig;
import io.sluice.core.buffer.BufferPool;
import io.sluice.core.buffer.BufferWaiter;
import io.sluice.core.log.Termination;
import io.sluice.core.loop.EventLoop;
import io.sluice.core.loop.Timer;
import io.sluice.core.loop.TimerHandler;
import io.sluice.core.net.Connection;
import io.sluice.core.net.ConnectionOwner;
import io.sluice.core.net.ProxyHeader;
import io.sluice.core.net.ProxyProtocol;
import io.sluice.core.stats.Counter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns who a client is, by its PROXY protocol header if the listener asks for one, and whether the listener's access
 * lists let it in. Owns the client's connection meanwhile.
 *
 * <p>Owned by one event loop.
 */
public final class Admission implements ConnectionOwner, TimerHandler, BufferWaiter {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Worker worker;
    private final Listener listener;
    private final Connection client;
    private final AdmissionHandler handler;
    private final EventLoop loop;
    private final BufferPool buffers;
    private InetSocketAddress clientAddress;
    private InetSocketAddress listenerAddress;
    /** Scheduled exactly as long as a header is awaited. */
    private Timer timer;
    private ByteBuffer received;

    public Admission(Worker worker, Listener listener, Connection client, AdmissionHandler handler) {
        this.worker = worker;
        this.listener = listener;
        this.client = client;
        this.handler = handler;
        loop = worker.loop();
        buffers = worker.buffers();
    }

    /** Begins. The handler may be called before this returns. */
    public void start() {
        clientAddress = client.remoteAddress();
        listenerAddress = client.localAddress();
        ProxyProtocolConfig config = listener.config().proxyProtocol();
        if (config.accept() == ProxyProtocolConfig.Accept.OFF) {
            admit();
        } else if (listener.trusts(clientAddress.getAddress())) {
            timer = new Timer(this);
            loop.timers().schedule(timer, loop.nowNs() + config.timeout().toNanos());
            client.owner(this);
            client.wantRead(true);
        } else {
            refuseHeader("it comes from an address that is not trusted to send one");
        }
    }

    /** The client as far as it is known: the peer, or whom its PROXY protocol header names. After {@link #start}. */
    public InetSocketAddress clientAddress() {
        return clientAddress;
    }

    /** Gives up silently. */
    public void cancel() {
        endWait();
        releaseReceived();
    }

    @Override
    public void onReady(Connection ready, int readyOps) {
        if (received == null) {
            received = buffers.acquire();
        }
        if (received == null) {
            client.wantRead(false);
            buffers.await(this);
            return;
        }
        int count = client.read(received);
        if (count < 0) {
            refuse(Termination.CLIENT_ABORT_REQUEST);
        } else {
            received.flip();
            parse();
        }
    }

    @Override
    public void onBuffer(ByteBuffer buffer) {
        if (isWaiting()) {
            received = buffer;
            client.wantRead(true);
        } else {
            buffers.release(buffer);
        }
    }

    @Override
    public void onFailure(Connection failed, RuntimeException failure) {
        LOG.error("admitting a client of listener {} failed", listener.name(), failure);
        refuse(Termination.INTERNAL_ERROR);
    }

    @Override
    public void onTimer(long nowNs) {
        refuse(Termination.CLIENT_TIMEOUT_REQUEST);
    }

    private void parse() {
        switch (ProxyProtocol.parse(received)) {
            case ProxyHeader.NeedMore() -> received.position(received.limit()).limit(received.capacity());
            case ProxyHeader.Invalid(ProxyHeader.Flaw flaw) -> refuseHeader(flaw.toString());
            case ProxyHeader.Local(int lengthBytes) -> onHeader(lengthBytes);
            case ProxyHeader.Proxied(int lengthBytes, InetSocketAddress source, InetSocketAddress destination) -> {
                clientAddress = source;
                listenerAddress = destination;
                onHeader(lengthBytes);
            }
        }
    }

    private void onHeader(int lengthBytes) {
        endWait();
        received.position(received.position() + lengthBytes);
        if (!received.hasRemaining()) {
            releaseReceived();
        }
        admit();
    }

    private void admit() {
        if (listener.admits(clientAddress.getAddress())) {
            ByteBuffer behindHeader = received;
            received = null;
            handler.onAdmitted(clientAddress, listenerAddress, behindHeader);
        } else {
            worker.stats().count(Counter.CONNECTIONS_DENIED);
            refuse(Termination.PROXY_DENIED);
        }
    }

    private void refuseHeader(String reason) {
        worker.stats().count(Counter.PROXY_HEADERS_REFUSED);
        LOG.debug("listener {}: PROXY protocol header from {} refused: {}", listener.name(), clientAddress, reason);
        refuse(Termination.PROXY_DENIED);
    }

    private void refuse(Termination termination) {
        cancel();
        handler.onRefused(termination);
    }

    private boolean isWaiting() {
        return timer != null && timer.isScheduled();
    }

    private void endWait() {
        if (timer != null) {
            loop.timers().cancel(timer);
        }
    }

    private void releaseReceived() {
        if (received != null) {
            buffers.release(received);
            received = null;
        }
    }
}
