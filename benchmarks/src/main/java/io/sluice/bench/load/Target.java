package io.sluice.bench.load;

import io.sluice.l7.http.HttpMethod;
import java.net.InetSocketAddress;

/**
 * The server and the request. Immutable; callers must not change the request's bytes.
 *
 * @param url               as the user wrote it, for reports
 * @param method            the HTTP request's method, since the answer to HEAD has no body
 * @param request           one whole request; in bulk, the bytes to send repeatedly
 * @param connectPerRequest whether each request has a connection of its own, and its latency includes connecting
 */
public record Target(String url, InetSocketAddress address, Mode mode, HttpMethod method, byte[] request,
                     boolean connectPerRequest) { }
