package io.sluice.l7.proxy;

import io.sluice.core.log.Addresses;
import io.sluice.l7.route.Client;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * Who a connection's client is, in the forms that forwarding needs again with every request. Immutable.
 *
 * @param address     the client's
 * @param routed      the same for routing and balancing
 * @param connectedTo the listener's
 * @param text        the client's address as text
 * @param forNode     the same as a node of the Forwarded field (RFC 7239, section 6)
 * @param port        the listener's port as text
 * @param isTrusted   whether the client is believed what it says of other clients
 * @param isSecure    whether it speaks TLS
 * @param certificate lines that tell servers of its certificate; empty if there are none
 */
record ClientIdentity(InetSocketAddress address, Client routed, InetSocketAddress connectedTo, byte[] text,
                      byte[] forNode, byte[] port, boolean isTrusted, boolean isSecure, byte[] certificate) {

    static ClientIdentity of(InetSocketAddress address, InetSocketAddress connectedTo, boolean isTrusted,
                             boolean isSecure, byte[] certificate) {
        String plain = Addresses.toText(address.getAddress());
        String node = address.getAddress() instanceof Inet6Address ? "\"[" + plain + "]\"" : plain;
        return new ClientIdentity(address, new Client(address.getAddress()), connectedTo, Ascii.bytes(plain),
                Ascii.bytes(node), Ascii.bytes(Integer.toString(connectedTo.getPort())), isTrusted, isSecure,
                certificate);
    }

    /** The same client as another configuration of its listener sees it. */
    ClientIdentity as(boolean believed, byte[] certificateLines) {
        return new ClientIdentity(address, routed, connectedTo, text, forNode, port, believed, isSecure,
                certificateLines);
    }
}
