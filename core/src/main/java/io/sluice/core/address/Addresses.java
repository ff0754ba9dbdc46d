package io.sluice.core.address;

import io.sluice.config.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Addresses as text, without a look-up. */
public final class Addresses {

    private Addresses() { }

    /** {@code 10.0.0.1:5432} or {@code [::1]:5432}. */
    public static String toText(InetSocketAddress address) {
        return new Endpoint(toText(address.getAddress()), address.getPort()).toString();
    }

    /** {@code 10.0.0.1} or {@code ::1}: an IPv6 address in its one short form (RFC 5952), without a zone. */
    public static String toText(InetAddress address) {
        AddressText text = new AddressText().of(address.getAddress());
        return new String(text.bytes(), 0, text.length(), StandardCharsets.US_ASCII);
    }
}
