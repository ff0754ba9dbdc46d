package io.sluice.l7.log;

import io.sluice.core.address.AddressBytes;
import io.sluice.core.log.LogRecord;
import io.sluice.core.log.Termination;
import io.sluice.l7.http.HttpError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The log record of one request. Holds the request's head as bytes; the log writer parses it again. Mutable and reused:
 * filled by a worker, then read by the log writer's thread, never by both at a time.
 */
public final class AccessRecord implements LogRecord {

    /** The most bytes of a head that are logged. */
    static final int MOST_HEAD_BYTES = 8 * 1024;

    private static final int MOST_ADDRESS_BYTES = 16;

    /** When the first byte of the request came, in milliseconds since 1970. */
    public long startMs;
    public String listener;
    /** The address that has connected, from the PROXY protocol header if one was accepted. */
    public InetSocketAddress peer;
    private final byte[] forwardedFor = new byte[MOST_ADDRESS_BYTES];
    /** 0 if the client is the peer. */
    private int forwardedForLength;
    private int forwardedForPort;
    /** Null if no route took the request. */
    public String route;
    /** Null if the request went to no pool. */
    public String pool;
    /** Null if no server was chosen. */
    public String server;
    /** The status that the client was sent, or 0 if it was sent none. */
    public int status;
    /** Bytes of the request's body that came, without framing. */
    public long requestBytes;
    /** Bytes that the client was sent, heads included. */
    public long responseBytes;
    /** Nanoseconds from the first byte to the end of the request's head; negative: it did not end. */
    public long headNs;
    /** Nanoseconds in the pool's queue; negative: no server was looked for. */
    public long queueNs;
    /** Nanoseconds until a server was connected; negative: no server was. */
    public long connectNs;
    /** Nanoseconds from sending the request to the head of the response; negative: no response came. */
    public long responseNs;
    /** Nanoseconds from the first byte of the request to the last of the response. */
    public long totalNs;
    public int retries;
    public Termination termination;
    /** Why the request was refused as malformed, or null. */
    public HttpError refusal;
    /** Whether Sluice has made the X-Request-Id, since the client sent none. */
    public boolean hasOwnId;
    public long ownIdHigh;
    public long ownIdLow;
    /** The request's head, up to {@link #headLength}. */
    public byte[] head = new byte[1024];
    public int headLength;

    @Override
    public void forget() {
        peer = null;
    }

    /** The client is the peer. */
    public void clearForwardedFor() {
        forwardedForLength = 0;
    }

    /**
     * The client is not the peer, but the one that X-Forwarded-For names.
     *
     * @param address 4 or 16 bytes, which are copied
     * @param port    0 if it is not known
     */
    public void forwardedFor(byte[] address, int port) {
        System.arraycopy(address, 0, forwardedFor, 0, address.length);
        forwardedForLength = address.length;
        forwardedForPort = port;
    }

    /** Whether the client is not the peer. */
    boolean isForwarded() {
        return forwardedForLength > 0;
    }

    InetAddress client() {
        return isForwarded() ? AddressBytes.address(Arrays.copyOf(forwardedFor, forwardedForLength))
                : peer.getAddress();
    }

    /** The client's port, or 0 if it is not known. */
    int clientPort() {
        return isForwarded() ? forwardedForPort : peer.getPort();
    }

    /** The X-Request-Id that Sluice has made, or null. */
    String ownId() {
        return hasOwnId ? HexFormat.of().toHexDigits(ownIdHigh) + HexFormat.of().toHexDigits(ownIdLow) : null;
    }

    /** Copies the request's head, up to {@link #MOST_HEAD_BYTES}. */
    public void head(byte[] source, int length) {
        headLength = Math.min(length, MOST_HEAD_BYTES);
        if (head.length < headLength) {
            head = new byte[Math.max(headLength, 2 * head.length)];
        }
        System.arraycopy(source, 0, head, 0, headLength);
    }
}
