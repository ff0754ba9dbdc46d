package io.sluice.core.log;

import io.sluice.config.Endpoint;
import java.net.InetSocketAddress;

/** Addresses for people. */
public final class Addresses {

    private Addresses() { }

    /** {@code 10.0.0.1:5432} or {@code [::1]:5432}, without a look-up. */
    public static String toText(InetSocketAddress address) {
        return new Endpoint(address.getAddress().getHostAddress(), address.getPort()).toString();
    }
}
