package io.sluice.l7.route;

import io.sluice.core.net.AddressBytes;
import io.sluice.core.pool.ClientHash;
import java.net.InetAddress;

/** A client's address in the forms that the choices for its requests need; made once, as it allocates. Immutable. */
public final class Client {

    private final byte[] address;
    private final long hash;

    public Client(InetAddress address) {
        this.address = AddressBytes.of(address);
        this.hash = ClientHash.of(address);
    }

    /** By which a pool balances that has no other key ({@link ClientHash}). */
    public long hash() {
        return hash;
    }

    /** As {@link AddressBytes#of} makes it; not to be changed. */
    byte[] address() {
        return address;
    }
}
