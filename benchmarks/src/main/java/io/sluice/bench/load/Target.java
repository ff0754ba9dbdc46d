package io.sluice.bench.load;

import io.sluice.l7.http.HttpMethod;
import java.net.InetSocketAddress;

/**
 * Who is asked, and what. Immutable; the request's bytes are not to be changed.
 *
 * @param url               as the user wrote it, for reports
 * @param method            of the request, if it is HTTP: the answer to HEAD has no body
 * @param request           one whole request; in bulk, the bytes that are sent again and again
 * @param connectPerRequest whether each request has a connection of its own, and its latency includes connecting
 */
public record Target(String url, InetSocketAddress address, Mode mode, HttpMethod method, byte[] request,
                     boolean connectPerRequest) { }
