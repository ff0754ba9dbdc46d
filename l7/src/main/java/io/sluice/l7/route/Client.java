package io.sluice.l7.route;

import io.sluice.core.address.AddressBytes;
import io.sluice.core.address.AddressParser;
import io.sluice.core.address.Addresses;
import io.sluice.core.pool.ClientHash;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A client's address in the forms that routing and balancing need: of a connection, made once as that allocates, or the
 * one that {@link ForwardedFor} finds, replaced by the next. Owned by one event loop.
 */
public final class Client {

    private byte[] address;
    private int port = AddressParser.NO_PORT;
    private long hash;

    public Client(InetAddress address) {
        this.address = AddressBytes.of(address);
        hash = ClientHash.of(this.address);
    }

    /** For {@link #become}. */
    Client() { }

    /** Takes on an address, without a copy. */
    void become(byte[] newAddress, int newPort) {
        address = newAddress;
        port = newPort;
        hash = ClientHash.of(newAddress);
    }

    /** What pools without another key balance by ({@link ClientHash}). */
    public long hash() {
        return hash;
    }

    /** As made by {@link AddressBytes#of}; must not be changed. */
    public byte[] address() {
        return address;
    }

    /** {@link AddressParser#NO_PORT} if it is not known. */
    public int port() {
        return port;
    }

    /** Address and port, made anew. */
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(AddressBytes.address(address), port);
    }

    /** {@code 192.0.2.1:567}, or {@code 192.0.2.1} if the port is not known. */
    @Override
    public String toString() {
        InetSocketAddress socketAddress = socketAddress();
        return port == AddressParser.NO_PORT ? Addresses.toText(socketAddress.getAddress())
                : Addresses.toText(socketAddress);
    }
}
