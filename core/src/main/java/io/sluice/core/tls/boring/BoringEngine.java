package io.sluice.core.tls.boring;

import io.sluice.core.net.PlainAlert;
import io.sluice.core.tls.boring.NativeConnection.Outcome;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;

/**
 * One connection's TLS. Records are read from and written to the caller's direct buffers. It has memory outside of the
 * heap, which is freed when both directions are closed: {@link #closeOutbound} and then {@link #closeInbound} do that
 * at once, whatever is left to send.
 *
 * <pre>
 *   HANDSHAKING ── done ──▶ OPEN
 *   HANDSHAKING, OPEN ── an error, of which the peer has yet to be told ──▶ FAILED
 *   any ── both directions closed ──▶ FREED
 * </pre>
 *
 * <p>It differs from the contract of {@link javax.net.ssl.SSLEngine} in one point: a record is consumed even if there
 * is too little room for its content. {@link Status#BUFFER_OVERFLOW} reports that, and the rest comes with the next
 * call.
 *
 * <p>Owned by one event loop.
 */
public final class BoringEngine extends FixedEngine {

    private enum State { HANDSHAKING, OPEN, FAILED, FREED }

    private static final String TLS_1_3 = "TLSv1.3";
    /** In the JDK's form. The library only says that it has no certificate. */
    private static final String UNKNOWN_NAME =
            "(unrecognized_name) no certificate has the name that the client asks for";
    /** The engine whose handshake this thread performs, for callbacks of the library. */
    private static final ThreadLocal<BoringEngine> SHAKING_HANDS = new ThreadLocal<>();

    private final NativeConnection connection;
    private final BoringSession none;
    private State state = State.HANDSHAKING;
    /** Whether it is the engine's turn to send, also because its last output did not fit. */
    private boolean speaks;
    /** Whether there is decrypted content that had no room. */
    private boolean hasRest;
    private boolean inboundDone;
    private boolean outboundClosed;
    /** Whether all has been sent, close_notify included. */
    private boolean outboundDone;
    private boolean rejectsName;
    /** The alert that was read last and could be understood, or {@link PlainAlert#NONE}. */
    private int alert = PlainAlert.NONE;
    /** Why the peer was refused; null if it was not, or if the library itself refused it. */
    private Throwable refusal;
    /** Made when it is first asked for. */
    private BoringSession session;

    /** An engine for the server side. */
    BoringEngine(BoringServerContext context) {
        this(context, null, -1, null);
    }

    /** An engine for the client side. @param serverName sent as SNI; null if none */
    BoringEngine(BoringClientContext context, String host, int port, String serverName, ClientSessions sessions) {
        this(context, host, port, serverName);
        connection.takeUp(sessions);
    }

    private BoringEngine(BoringContext context, String host, int port, String serverName) {
        super(context, host, port);
        none = BoringSession.none(host, port);
        speaks = getUseClientMode();
        connection = new NativeConnection(context, serverName);
    }

    // ---- records ----

    @Override
    public SSLEngineResult wrap(ByteBuffer content, ByteBuffer records) throws SSLException {
        if (state == State.FREED) {
            return result(Status.CLOSED, 0, 0);
        }
        int contentStart = content.position();
        int start = records.position();
        connection.speakInto(records);
        try {
            speak(content);
        } finally {
            connection.stopSpeaking(records);
        }
        if (rejectsName) {
            Records.nameIsUnknown(records, start, records.position());
        }
        Status status = outboundDone ? Status.CLOSED : Status.OK;
        if (outboundDone && inboundDone) {
            free();
        }
        return result(status, content.position() - contentStart, records.position() - start);
    }

    private void speak(ByteBuffer content) throws SSLException {
        switch (state) {
            case HANDSHAKING -> {
                if (outboundClosed) {
                    outboundDone = true;
                } else {
                    shakeHands();
                }
            }
            case OPEN -> {
                if (outboundClosed) {
                    sayGoodbye();
                } else if (content.hasRemaining()) {
                    encrypt(content);
                }
            }
            case FAILED -> outboundDone = true;
            case FREED -> throw new IllegalStateException("freed");
        }
        speaks = speaks && state == State.HANDSHAKING && !outboundDone;
    }

    /** Sends close_notify, only once: the library takes a second call as the wish to wait for the peer's, and reads. */
    private void sayGoodbye() {
        if (!outboundDone) {
            outboundDone = true;
            connection.sayGoodbye();
        }
    }

    private void encrypt(ByteBuffer content) throws SSLException {
        if (connection.encrypt(content) == Outcome.FAILED) {
            throw failure();
        }
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer records, ByteBuffer content) throws SSLException {
        if (inboundDone || state == State.FAILED) {
            return result(Status.CLOSED, 0, 0);
        }
        int length = hasRest ? 0 : Records.firstLength(records);
        if (length == 0 && !hasRest) {
            return result(Status.BUFFER_UNDERFLOW, 0, 0);
        }
        if (state == State.OPEN && !content.hasRemaining()) {
            return result(Status.BUFFER_OVERFLOW, 0, 0);
        }
        int recordsStart = records.position();
        int start = content.position();
        alert = PlainAlert.in(records);
        connection.listenTo(records, length);
        try {
            listen(content);
        } finally {
            records.position(recordsStart + length - connection.stopListening());
        }
        Status status = inboundDone ? Status.CLOSED : hasRest ? Status.BUFFER_OVERFLOW : Status.OK;
        return result(status, records.position() - recordsStart, content.position() - start);
    }

    private void listen(ByteBuffer content) throws SSLException {
        if (state == State.HANDSHAKING) {
            shakeHands();
            speaks = speaks || connection.hasMoreToSay();
        } else {
            decrypt(content);
        }
    }

    private void decrypt(ByteBuffer content) throws SSLException {
        switch (connection.decrypt(content)) {
            case DONE, WANTS_TO_LISTEN, WANTS_TO_SPEAK -> { }
            case ENDED -> onEnd();
            case FAILED -> throw failure();
        }
        hasRest = !content.hasRemaining() && connection.hasRest();
    }

    /** The peer has sent close_notify, which ends both directions before TLS 1.3 (RFC 5246, section 7.2.1). */
    private void onEnd() {
        inboundDone = true;
        outboundClosed |= !getSession().getProtocol().equals(TLS_1_3);
    }

    // ---- the handshake ----

    @Override
    public void beginHandshake() {
        // The handshake begins with the first wrap or unwrap.
    }

    private void shakeHands() throws SSLException {
        SHAKING_HANDS.set(this);
        try {
            switch (connection.shakeHands()) {
                case DONE -> state = State.OPEN;
                case WANTS_TO_LISTEN -> speaks = false;
                case WANTS_TO_SPEAK -> speaks = true;
                case ENDED -> {
                    alert = PlainAlert.CLOSE_NOTIFY;
                    throw failure();
                }
                case FAILED -> throw failure();
            }
        } finally {
            SHAKING_HANDS.remove();
        }
    }

    /** The engine whose handshake this thread performs. */
    static BoringEngine shakingHands() {
        return SHAKING_HANDS.get();
    }

    void rejectName() {
        rejectsName = true;
    }

    /** @param why becomes the cause of what the handshake throws */
    void refuse(Throwable why) {
        refusal = why;
    }

    private SSLException failure() {
        String told = connection.takeError(alert);
        String reason = refusal != null ? refusal.getMessage() : rejectsName ? UNKNOWN_NAME : told;
        SSLException failure =
                state == State.HANDSHAKING ? new SSLHandshakeException(reason) : new SSLException(reason);
        failure.initCause(refusal);
        state = State.FAILED;
        speaks = true;
        return failure;
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        boolean ends = outboundClosed && !outboundDone && state != State.FREED;
        if (speaks || ends) {
            return HandshakeStatus.NEED_WRAP;
        }
        return state == State.HANDSHAKING && !outboundDone ? HandshakeStatus.NEED_UNWRAP
                : HandshakeStatus.NOT_HANDSHAKING;
    }

    private SSLEngineResult result(Status status, int consumed, int produced) {
        return new SSLEngineResult(status, getHandshakeStatus(), consumed, produced);
    }

    // ---- what came of it ----

    @Override
    public SSLSession getSession() {
        if (session == null && state == State.OPEN) {
            session = newSession();
        }
        return session == null ? none : session;
    }

    /** What is known during the handshake, to verify the peer by. */
    @Override
    public SSLSession getHandshakeSession() {
        return state == State.HANDSHAKING ? newSession() : null;
    }

    private BoringSession newSession() {
        return new BoringSession(connection.protocol(), connection.cipher(),
                connection.certificates(getUseClientMode()), getPeerHost(), getPeerPort());
    }

    @Override
    public String getApplicationProtocol() {
        String agreed = state == State.OPEN ? connection.applicationProtocol() : null;
        return agreed == null ? "" : agreed;
    }

    // ---- the end ----

    @Override
    public void closeOutbound() {
        outboundClosed = true;
    }

    @Override
    public boolean isOutboundDone() {
        return outboundDone || state == State.FREED;
    }

    /** Ends reading, whether or not the peer has sent close_notify. */
    @Override
    public void closeInbound() {
        inboundDone = true;
        if (outboundClosed) {
            free();
        }
    }

    @Override
    public boolean isInboundDone() {
        return inboundDone || state == State.FAILED;
    }

    private void free() {
        if (state != State.FREED) {
            state = State.FREED;
            speaks = false;
            inboundDone = true;
            connection.free();
        }
    }
}
