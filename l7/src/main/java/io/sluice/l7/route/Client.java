package io.sluice.l7.route;

import io.sluice.core.net.AddressBytes;
import io.sluice.core.pool.ClientHash;
import java.net.InetAddress;

/** A client's address in the forms that routing and balancing need, made once as that allocates. Immutable. */
public final class Client {

    private final byte[] address;
    private final long hash;

    public Client(InetAddress address) {
        this.address = AddressBytes.of(address);
        this.hash = ClientHash.of(address);
    }

    /** What pools without another key balance by ({@link ClientHash}). */
    public long hash() {
        return hash;
    }

    /** As made by {@link AddressBytes#of}; must not be changed. */
    byte[] address() {
        return address;
    }
}
