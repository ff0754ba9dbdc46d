package io.sluice.config;

import java.net.InetAddress;

/**
 * A network: an address and how many of its leading bits count. Immutable.
 *
 * @param address      the network's address; the bits behind the prefix are zero
 * @param prefixLength 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Cidr(InetAddress address, int prefixLength) {

    public Cidr {
        byte[] bytes = address.getAddress();
        Checks.inRange("prefix length", prefixLength, 0, bytes.length * 8);
        for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
            Checks.that((bytes[bit / 8] & (0x80 >> (bit % 8))) == 0,
                    address.getHostAddress() + "/" + prefixLength + " has bits set behind its prefix");
        }
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}
