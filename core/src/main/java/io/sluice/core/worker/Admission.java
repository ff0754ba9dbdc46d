package io.sluice.core.worker;

import io.sluice.config.ProxyProtocolConfig;
import io.sluice.core.address.AddressBytes;
import io.sluice.core.address.ProxyHeader;
import io.sluice.core.address.ProxyProtocol;
import io.sluice.core.limit.RateLimit;
import io.sluice.core.log.Termination;
import io.sluice.core.net.Connection;
import io.sluice.core.net.TlsEngines;
import io.sluice.core.net.TlsFailure;
import io.sluice.core.stats.Counter;
import io.sluice.core.stats.Traffic;
import io.sluice.core.stats.TrafficCount;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits one client: reads its PROXY protocol header if the listener asks for one, applies the listener's access lists
 * and its limits for each client, and performs the TLS handshake if TLS begins with the first byte. Owns the client's
 * connection meanwhile.
 *
 * <p>Owned by one event loop.
 */
public final class Admission implements FirstBytesHandler, TlsEntryHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final Worker worker;
    private final Listener listener;
    private final Session session;
    private final Connection client;
    private final AdmissionHandler handler;
    private InetSocketAddress clientAddress;
    private InetSocketAddress listenerAddress;
    /** Reads the header; null if the listener expects none. */
    private FirstBytes firstBytes;
    /** Null before TLS begins. */
    private TlsEntry entry;

    public Admission(
            Worker worker, Listener listener, Session session, Connection client, AdmissionHandler handler) {
        this.worker = worker;
        this.listener = listener;
        this.session = session;
        this.client = client;
        this.handler = handler;
    }

    /** Begins. The handler may be called before this returns. */
    public void start() {
        clientAddress = client.remoteAddress();
        listenerAddress = client.localAddress();
        ProxyProtocolConfig config = listener.config().proxyProtocol();
        if (config.accept() == ProxyProtocolConfig.Accept.OFF) {
            admit();
        } else if (listener.trusts(clientAddress.getAddress())) {
            firstBytes = FirstBytes.ofClient(worker, client, this);
            firstBytes.start(null, config.timeout().toNanos());
        } else {
            refuseHeader("it comes from an address that is not trusted to send one");
        }
    }

    /** The client's address: the peer's, until a PROXY protocol header names another. Null before {@link #start}. */
    public InetSocketAddress clientAddress() {
        return clientAddress;
    }

    /** Gives up silently. */
    public void cancel() {
        if (firstBytes != null) {
            firstBytes.cancel();
        }
        if (entry != null) {
            entry.cancel();
        }
    }

    @Override
    public void onBytes(ByteBuffer received) {
        switch (ProxyProtocol.parse(received)) {
            case ProxyHeader.NeedMore() -> { }
            case ProxyHeader.Invalid(ProxyHeader.Flaw flaw) -> refuseHeader(flaw.toString());
            case ProxyHeader.Local(int lengthBytes) -> onHeader(received, lengthBytes);
            case ProxyHeader.Proxied(int lengthBytes, InetSocketAddress source, InetSocketAddress destination) -> {
                clientAddress = source;
                listenerAddress = destination;
                onHeader(received, lengthBytes);
            }
        }
    }

    @Override
    public void onNoMore(NoMore cause) {
        switch (cause) {
            case ENDED, ABORTED -> refuse(Termination.CLIENT_ABORT_REQUEST, null);
            case LATE -> refuse(Termination.CLIENT_TIMEOUT_REQUEST, null);
            case FULL -> refuseHeader("it does not end");
            case FAILED -> refuse(Termination.INTERNAL_ERROR, null);
        }
    }

    private void onHeader(ByteBuffer received, int lengthBytes) {
        received.position(received.position() + lengthBytes);
        admit();
    }

    private void admit() {
        if (!listener.admits(clientAddress.getAddress())) {
            worker.stats().count(Counter.CONNECTIONS_DENIED);
            refuse("denied");
            return;
        }
        // In this order, so that a flood of connections above the limit counts for the rate, too.
        if (comesTooSoon()) {
            refuse("connection-rate");
            return;
        }
        if (!listener.clientLimit().admit(session, clientAddress.getAddress())) {
            refuseOneTooMany();
            return;
        }
        ByteBuffer received = firstBytes == null ? null : firstBytes.end();
        TlsEngines engines = listener.tlsFromTheStart();
        if (engines == null) {
            handler.onAdmitted(clientAddress, listenerAddress, received);
        } else {
            entry = new TlsEntry(worker, listener, engines, client, clientAddress, this);
            entry.begin(received);
        }
    }

    /** Counts the client against the listener's rate limit. @return whether it has to be refused */
    private boolean comesTooSoon() {
        RateLimit limit = listener.rateLimit();
        if (limit == null) {
            return false;
        }
        long waitNs = limit.takeClient(AddressBytes.of(clientAddress.getAddress()), worker.loop().nowNs());
        if (waitNs == RateLimit.PASSES_UNCOUNTED) {
            worker.stats().count(Counter.RATE_LIMITS_FULL);
        }
        if (waitNs <= RateLimit.PASSES) {
            return false;
        }
        worker.stats().count(Counter.CONNECTIONS_RATE_LIMITED);
        traffic().count(TrafficCount.RATE_LIMITED);
        return !limit.config().dryRun();
    }

    @Override
    public void onTlsEntered() {
        handler.onAdmitted(clientAddress, listenerAddress, null);
    }

    @Override
    public void onTlsRefused(Termination termination, String refusal) {
        refuse(termination, refusal);
    }

    @Override
    public void onPlainClient() {
        traffic().errors().count(TlsFailure.NOT_TLS.refusal());
        handler.onPlainClient();
    }

    private void refuseHeader(String reason) {
        worker.stats().count(Counter.PROXY_HEADERS_REFUSED);
        LOG.debug("listener {}: PROXY protocol header from {} refused: {}", listener.name(), clientAddress, reason);
        refuse("proxy-header");
    }

    private void refuseOneTooMany() {
        worker.stats().count(Counter.CONNECTIONS_OVER_CLIENT_LIMIT);
        if (listener.mayTellOfClient(worker.loop().nowNs())) {
            LOG.warn("listener {} resets connections of {}, which has the {} that a client may have; logged once a "
                    + "minute at most", listener.name(), clientAddress.getAddress().getHostAddress(),
                    listener.config().maxConnectionsPerClient());
        }
        refuse("client-limit");
    }

    private Traffic traffic() {
        return listener.traffic().of(worker.loop().index());
    }

    private void refuse(String refusal) {
        traffic().errors().count(refusal);
        refuse(Termination.PROXY_DENIED, refusal);
    }

    private void refuse(Termination termination, String refusal) {
        cancel();
        handler.onRefused(termination, refusal);
    }
}
