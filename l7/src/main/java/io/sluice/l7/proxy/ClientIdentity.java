package io.sluice.l7.proxy;

import io.sluice.core.address.Addresses;
import io.sluice.l7.route.Client;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * Who a connection's client is, in the forms that each forwarded request needs; made once for a connection. Immutable.
 *
 * @param address     the client's address
 * @param routed      the client's address for routing and balancing
 * @param connectedTo the listener's address
 * @param text        the client's address as text
 * @param forNode     the client's address as a node of the Forwarded field (RFC 7239, section 6)
 * @param port        the listener's port as text
 * @param isTrusted   whether Sluice believes the forwarding fields that the client sends
 * @param isSecure    whether the client speaks TLS
 * @param certificate field lines that describe the client's certificate to servers; may be empty
 */
record ClientIdentity(InetSocketAddress address, Client routed, InetSocketAddress connectedTo, byte[] text,
                      byte[] forNode, byte[] port, boolean isTrusted, boolean isSecure,
                      CertificateFields.Line[] certificate) {

    static ClientIdentity of(InetSocketAddress address, InetSocketAddress connectedTo, boolean isTrusted,
                             boolean isSecure, CertificateFields.Line[] certificate) {
        String plain = Addresses.toText(address.getAddress());
        String node = address.getAddress() instanceof Inet6Address ? "\"[" + plain + "]\"" : plain;
        return new ClientIdentity(address, new Client(address.getAddress()), connectedTo, Ascii.bytes(plain),
                Ascii.bytes(node), Ascii.bytes(Integer.toString(connectedTo.getPort())), isTrusted, isSecure,
                certificate);
    }

    /** The same client as another configuration of its listener sees it. */
    ClientIdentity as(boolean believed, CertificateFields.Line[] certificateLines) {
        return new ClientIdentity(address, routed, connectedTo, text, forNode, port, believed, isSecure,
                certificateLines);
    }
}
