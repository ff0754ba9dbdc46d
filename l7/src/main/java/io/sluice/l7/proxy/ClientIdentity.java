package io.sluice.l7.proxy;

import io.sluice.core.log.Addresses;
import io.sluice.l7.route.Client;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * Who a connection's client is, in the forms that forwarding needs again with every request; made with the first.
 * Immutable.
 *
 * @param address     the client's
 * @param routed      the same for routing and balancing
 * @param connectedTo the listener's
 * @param text        the client's address as text
 * @param forNode     the same as a node of the Forwarded field (RFC 7239, section 6)
 * @param port        the listener's port as text
 * @param isTrusted   whether the client is believed what it says of other clients
 * @param isSecure    whether it speaks TLS
 */
record ClientIdentity(InetSocketAddress address, Client routed, InetSocketAddress connectedTo, byte[] text,
                      byte[] forNode, byte[] port, boolean isTrusted, boolean isSecure) {

    static ClientIdentity of(InetSocketAddress address, InetSocketAddress connectedTo, boolean isTrusted,
                             boolean isSecure) {
        String plain = Addresses.toText(address.getAddress());
        String node = address.getAddress() instanceof Inet6Address ? "\"[" + plain + "]\"" : plain;
        return new ClientIdentity(address, new Client(address.getAddress()), connectedTo, Ascii.bytes(plain),
                Ascii.bytes(node), Ascii.bytes(Integer.toString(connectedTo.getPort())), isTrusted, isSecure);
    }

    /** The same client, believed or not. */
    ClientIdentity trusted(boolean believed) {
        return believed == isTrusted ? this
                : new ClientIdentity(address, routed, connectedTo, text, forNode, port, believed, isSecure);
    }
}
