package io.sluice.core.worker;

import io.sluice.core.log.Termination;
import io.sluice.core.net.TlsFailure;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Told how {@link Admission} ended. Called on its event loop, also from within {@code start}. */
public interface AdmissionHandler {

    /**
     * The client is admitted.
     *
     * @param client   the client's address, from the PROXY protocol header if there was one
     * @param listener the address that it connected to, likewise
     * @param received what the client has sent behind the header: a buffer of the worker's pool, now the handler's;
     *                 null if nothing has come
     */
    void onAdmitted(InetSocketAddress client, InetSocketAddress listener, ByteBuffer received);

    /** The client is not admitted, or is gone. @param refusal why it is refused, as counted; null if it is not */
    void onRefused(Termination termination, String refusal);

    /**
     * The client should speak TLS, but its first bytes are something else. The connection is still without TLS, so that
     * the handler can answer in plain text.
     */
    default void onPlainClient() {
        onRefused(Termination.PROXY_DENIED, TlsFailure.NOT_TLS.refusal());
    }
}
