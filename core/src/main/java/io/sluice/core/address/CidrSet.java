package io.sluice.core.address;

import io.sluice.config.Cidr;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * A set of networks that finds the one an address is in, by two binary tries over address bits, one for IPv4 and one
 * for IPv6. IPv4 addresses mapped into IPv6 count as IPv4, in networks too, so {@code ::/0} holds no IPv4 address.
 * Immutable.
 */
public final class CidrSet {

    /** The prefix length if no network holds the address. */
    static final int NONE = -1;

    private static final int IPV4_ROOT = 0;
    private static final int IPV6_ROOT = 1;
    /** No node has a root as its child. */
    private static final int NO_CHILD = 0;

    /** Of node n: 2n for a 0 bit, 2n + 1 for a 1 bit. */
    private int[] children = new int[2 * 64];
    private boolean[] isNetwork = new boolean[64];
    private int nodes = IPV6_ROOT + 1;

    public CidrSet(List<Cidr> networks) {
        networks.forEach(this::add);
    }

    public boolean contains(InetAddress address) {
        return contains(AddressBytes.of(address));
    }

    /** The same without allocating. @param address as {@link AddressBytes#of} makes it */
    public boolean contains(byte[] address) {
        return longestPrefix(address) != NONE;
    }

    /** The prefix length of the smallest network that holds the address, or {@link #NONE}. */
    int longestPrefix(byte[] address) {
        int lengthBits = address.length * 8;
        int node = rootOf(address);
        int longest = isNetwork[node] ? 0 : NONE;
        for (int bit = 0; bit < lengthBits; bit++) {
            node = children[2 * node + bitAt(address, bit)];
            if (node == NO_CHILD) {
                return longest;
            }
            if (isNetwork[node]) {
                longest = bit + 1;
            }
        }
        return longest;
    }

    private void add(Cidr network) {
        byte[] address = AddressBytes.of(network.address());
        int mappedPrefixLength = 8 * (network.address().getAddress().length - address.length);
        int node = rootOf(address);
        for (int bit = 0; bit < network.prefixLength() - mappedPrefixLength; bit++) {
            node = childFor(2 * node + bitAt(address, bit));
        }
        isNetwork[node] = true;
    }

    private int childFor(int edge) {
        if (children[edge] == NO_CHILD) {
            if (nodes == isNetwork.length) {
                children = Arrays.copyOf(children, 4 * nodes);
                isNetwork = Arrays.copyOf(isNetwork, 2 * nodes);
            }
            children[edge] = nodes++;
        }
        return children[edge];
    }

    private static int rootOf(byte[] address) {
        return address.length == 4 ? IPV4_ROOT : IPV6_ROOT;
    }

    private static int bitAt(byte[] address, int bit) {
        return address[bit >> 3] >> (7 - (bit & 7)) & 1;
    }
}
