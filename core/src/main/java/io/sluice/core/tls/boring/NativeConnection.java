package io.sluice.core.tls.boring;

import io.netty.internal.tcnative.SSL;
import io.sluice.core.net.PlainAlert;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The library's side of one connection. Within one call it reads from one buffer ("listens") or writes into one
 * ("speaks"). Calls after {@link #free} throw. Owned by one engine.
 */
final class NativeConnection {

    /** The outcome of a call. */
    enum Outcome { DONE, WANTS_TO_LISTEN, WANTS_TO_SPEAK, ENDED, FAILED }

    /** For output while it listens: room for a whole alert, or for part of a handshake's flight. */
    private static final int ASIDE_BYTES = 512;
    /** The library's number of the error that the alert 0 is: its module, and where alerts begin in it. */
    private static final int ALERT_ERRORS = (16 << 24) + 1000;
    private static final LongAdder LIVING = new LongAdder();

    private long ssl;
    private long bio;

    /**
     * Makes one.
     *
     * @param serverName sent as SNI; null if none, or on the server side
     * @throws IllegalStateException if the library lacks memory or refuses the name
     */
    NativeConnection(BoringContext context, String serverName) {
        try {
            ssl = SSL.newSSL(context.address(), !context.isClient());
            LIVING.increment();
            bio = SSL.bioNewByteBuffer(ssl, ASIDE_BYTES);
            if (serverName != null) {
                SSL.setTlsExtHostName(ssl, serverName);
            }
        } catch (Exception e) {
            // The library throws checked exceptions without declaring them: no caller would catch this one.
            free();
            throw new IllegalStateException("BoringSSL begins no connection: " + e.getMessage(), e);
        }
    }

    /** The number of connections that have not been freed. */
    static long living() {
        return LIVING.sum();
    }

    private long ssl() {
        if (ssl == 0) {
            throw new IllegalStateException("freed");
        }
        return ssl;
    }

    void free() {
        if (ssl != 0) {
            SSL.freeSSL(ssl);
            ssl = 0;
            bio = 0;
            LIVING.decrement();
        }
    }

    void takeUp(ClientSessions sessions) {
        sessions.takeUp(ssl());
    }

    // ---- buffers ----

    /** Reads from so many bytes of a buffer, until {@link #stopListening}. */
    void listenTo(ByteBuffer records, int length) {
        ssl();
        SSL.bioSetByteBuffer(bio, Native.address(records), length, false);
    }

    /** @return how many bytes it has not read */
    int stopListening() {
        return stop();
    }

    /** Writes into a buffer's remaining room, until {@link #stopSpeaking}; output left over comes first. */
    void speakInto(ByteBuffer records) {
        ssl();
        SSL.bioSetByteBuffer(bio, Native.address(records), records.remaining(), true);
        SSL.bioFlushByteBuffer(bio);
    }

    void stopSpeaking(ByteBuffer records) {
        records.position(records.limit() - stop());
    }

    private int stop() {
        int left = SSL.bioLengthByteBuffer(bio);
        SSL.bioClearByteBuffer(bio);
        return left;
    }

    boolean hasMoreToSay() {
        return SSL.bioLengthNonApplication(bio) > 0;
    }

    // ---- calls ----

    Outcome shakeHands() {
        int result = SSL.doHandshake(ssl());
        return result == 1 ? Outcome.DONE : outcome(result);
    }

    /** Encrypts one record's content at most. */
    Outcome encrypt(ByteBuffer content) {
        int length = Math.min(content.remaining(), Records.MOST_CONTENT_BYTES);
        ByteBuffer direct = content;
        if (!content.isDirect()) {
            direct = Native.scratch().put(0, content, content.position(), length);
        }
        return moved(content, SSL.writeToSSL(ssl(), Native.address(direct), length));
    }

    /** Decrypts what there is room for, of one record at most. */
    Outcome decrypt(ByteBuffer content) {
        if (content.isDirect()) {
            return moved(content, SSL.readFromSSL(ssl(), Native.address(content), content.remaining()));
        }
        ByteBuffer direct = Native.scratch().limit(Math.min(content.remaining(), Records.MOST_CONTENT_BYTES));
        int count = SSL.readFromSSL(ssl(), Native.address(direct), direct.remaining());
        if (count > 0) {
            content.put(content.position(), direct, 0, count);
        }
        return moved(content, count);
    }

    private Outcome moved(ByteBuffer content, int count) {
        if (count <= 0) {
            return outcome(count);
        }
        content.position(content.position() + count);
        return Outcome.DONE;
    }

    private Outcome outcome(int result) {
        int error = SSL.getError(ssl, result);
        if (error == SSL.SSL_ERROR_WANT_READ) {
            return Outcome.WANTS_TO_LISTEN;
        }
        if (error == SSL.SSL_ERROR_WANT_WRITE) {
            return Outcome.WANTS_TO_SPEAK;
        }
        return error == SSL.SSL_ERROR_ZERO_RETURN ? Outcome.ENDED : Outcome.FAILED;
    }

    /** Whether there is decrypted content that had no room. */
    boolean hasRest() {
        return SSL.sslPending(ssl()) > 0;
    }

    /** Sends close_notify. */
    void sayGoodbye() {
        SSL.shutdownSSL(ssl());
    }

    /**
     * Why the last call has failed.
     *
     * @param alert what it was given to read, or {@link PlainAlert#NONE}. Clients of TLS 1.3 may refuse a certificate
     *              in plain text, where the library expects what is encrypted and only finds a bad length.
     */
    String takeError(int alert) {
        long error = alert == PlainAlert.NONE ? SSL.getLastErrorNumber() : ALERT_ERRORS + alert;
        SSL.clearError();
        return SSL.getErrorString(error);
    }

    // ---- what was agreed on ----

    String protocol() {
        return SSL.getVersion(ssl());
    }

    /** By OpenSSL's name. */
    String cipher() {
        return SSL.getCipherForSSL(ssl());
    }

    /** Null if nothing was. */
    String applicationProtocol() {
        return SSL.getAlpnSelected(ssl());
    }

    /** Of the peer, in DER; empty if it has shown none. */
    List<byte[]> certificates(boolean isServers) {
        List<byte[]> chain = new ArrayList<>();
        byte[] first = SSL.getPeerCertificate(ssl());
        if (first != null) {
            chain.add(first);
        }
        byte[][] rest = SSL.getPeerCertChain(ssl);
        if (rest != null) {
            // The library returns a server's chain with the server's certificate, a client's without.
            chain.addAll(Arrays.asList(rest).subList(isServers ? 1 : 0, rest.length));
        }
        return chain;
    }
}
