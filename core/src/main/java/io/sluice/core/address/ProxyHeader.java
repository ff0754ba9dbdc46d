package io.sluice.core.address;

import java.net.InetSocketAddress;

/**
 * The result of parsing a connection's first bytes as a PROXY protocol header ({@link ProxyProtocol#parse}). Immutable.
 */
public sealed interface ProxyHeader {

    /** The start of a header: more bytes have to arrive. */
    record NeedMore() implements ProxyHeader { }

    /** Not an acceptable header: the connection has to be closed. */
    record Invalid(Flaw flaw) implements ProxyHeader { }

    /**
     * A header that names no TCP client, so that the socket's own addresses count: v2's LOCAL, v1's UNKNOWN, UDP, Unix
     * sockets and unspecified protocols.
     *
     * @param lengthBytes of the header; what follows belongs to the client
     */
    record Local(int lengthBytes) implements ProxyHeader { }

    /**
     * A header that names the client of a TCP connection and the address it connected to.
     *
     * @param lengthBytes of the header; what follows belongs to the client
     */
    record Proxied(int lengthBytes, InetSocketAddress source, InetSocketAddress destination) implements ProxyHeader { }

    /** Why a header is refused, as words for a log line. */
    enum Flaw {
        NOT_A_HEADER("no PROXY protocol header"),
        TOO_LONG("longer than a header may be"),
        BAD_LINE("line not of the prescribed fields and end"),
        BAD_VERSION("version not 1 or 2"),
        BAD_COMMAND("command not LOCAL or PROXY"),
        BAD_PROTOCOL("unknown address family or transport protocol"),
        BAD_ADDRESS("address not of its family"),
        BAD_PORT("port not from 0 to 65535"),
        BAD_LENGTH("too short for its addresses"),
        BAD_EXTENSION("extension reaches beyond the header"),
        BAD_CHECKSUM("checksum does not match");

        private final String text;

        Flaw(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
