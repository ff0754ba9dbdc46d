package io.sluice.core.log;

import java.net.InetSocketAddress;

/**
 * The log record of one TCP session that has ended. Mutable and reused: filled by a worker, read by the writer, never
 * by both at a time ({@link LogRing}). It refers to existing objects, so that filling it allocates nothing.
 */
public final class SessionRecord implements LogRecord {

    /** Milliseconds since 1970, when the client was accepted. */
    public long startMs;
    public String listener;
    public InetSocketAddress client;
    /** Null if no route took the client. */
    public String pool;
    /** Null if none was chosen. */
    public String server;
    /** Nanoseconds in the pool's queue; negative if the client never got as far as a pool. */
    public long queueNs;
    /** Nanoseconds until a server was connected; negative if none was. */
    public long connectNs;
    /** Nanoseconds from accept to the end. */
    public long totalNs;
    /** Bytes that the server took from the client. */
    public long clientBytes;
    /** Bytes that the client took from the server. */
    public long serverBytes;
    public int retries;
    public Termination termination;
    /** Why Sluice refused what the client or the server has sent, as a name in kebab-case; null if it did not. */
    public String refusal;
    /** The name in the client's TLS ClientHello. This field and the following ones are null if not read or not sent. */
    public String sni;
    /** Of a PostgreSQL start-up message. */
    public String user;
    public String database;
    public String application;

    @Override
    public void forget() {
        client = null;
        sni = null;
        user = null;
        database = null;
        application = null;
    }
}
