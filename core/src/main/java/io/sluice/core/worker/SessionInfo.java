package io.sluice.core.worker;

import java.net.InetSocketAddress;

/**
 * A session as it was at one moment. Immutable.
 *
 * @param id          unique among all sessions of this worker, ever
 * @param startMs     milliseconds since 1970, when the client was accepted
 * @param client      the client's address, as far as it is known
 * @param pool        null before there is a server
 * @param server      likewise
 * @param phase       what it is doing, as a word
 * @param clientBytes that the server took from the client; negative where they are not counted by session
 * @param serverBytes that the client took from the server; likewise
 * @param requests    received; negative where the protocol is not one of requests
 */
public record SessionInfo(int worker, long id, long startMs, String listener, InetSocketAddress client, String pool,
                          String server, String phase, long clientBytes, long serverBytes, int requests) { }
