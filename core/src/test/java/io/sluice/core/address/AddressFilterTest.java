package io.sluice.core.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.AccessConfig;
import io.sluice.config.Cidr;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressFilterTest {

    private static final List<Cidr> NOBODY = List.of();

    @Test
    void letsEveryoneInWithoutLists() {
        AddressFilter filter = new AddressFilter(AccessConfig.OPEN);
        assertTrue(allows(filter, "203.0.113.9"));
        assertTrue(allows(filter, "2001:db8::1"));
    }

    @Test
    void letsOnlyTheAllowedIn() {
        AddressFilter filter = filter(Cidrs.of("10.0.0.0/8"), NOBODY);
        assertTrue(allows(filter, "10.9.9.9"));
        assertFalse(allows(filter, "11.0.0.1"));
        assertFalse(allows(filter, "2001:db8::1"));
    }

    @Test
    void letsAllButTheDeniedIn() {
        AddressFilter filter = filter(NOBODY, Cidrs.of("10.0.0.0/8"));
        assertFalse(allows(filter, "10.9.9.9"));
        assertTrue(allows(filter, "11.0.0.1"));
    }

    @Test
    void goesByTheLongestPrefix() {
        AddressFilter filter = filter(Cidrs.of("10.0.0.0/8", "10.1.2.0/24"), Cidrs.of("10.1.0.0/16", "10.1.2.3/32"));
        assertTrue(allows(filter, "10.2.0.1"));
        assertFalse(allows(filter, "10.1.9.9"));
        assertTrue(allows(filter, "10.1.2.4"));
        assertFalse(allows(filter, "10.1.2.3"));
    }

    @Test
    void deniesAPrefixThatIsInBothLists() {
        AddressFilter filter = filter(Cidrs.of("10.0.0.0/8", "0.0.0.0/0"), Cidrs.of("10.0.0.0/8", "0.0.0.0/0"));
        assertFalse(allows(filter, "10.1.1.1"));
        assertFalse(allows(filter, "11.1.1.1"));
    }

    @Test
    void agreesWithAModelThatLooksAtEveryNetwork() {
        Random random = new Random(20);
        int allowedAddresses = 0;
        for (int round = 0; round < 200; round++) {
            List<Cidr> allow = networks(random, random.nextInt(12));
            List<Cidr> deny = networks(random, random.nextInt(12));
            AddressFilter filter = filter(allow, deny);
            for (int i = 0; i < 200; i++) {
                InetAddress client = AddressBytes.address(bytes(random));
                boolean expected = modelAllows(allow, deny, client);
                assertEquals(expected, filter.allows(client), () -> client + " of " + allow + " but " + deny);
                allowedAddresses += expected ? 1 : 0;
            }
        }
        assertEquals(20_000, allowedAddresses, 15_000, "one-sided: the model's answers test little");
    }

    private static boolean modelAllows(List<Cidr> allow, List<Cidr> deny, InetAddress client) {
        int allowed = modelPrefix(allow, client);
        int denied = modelPrefix(deny, client);
        return allowed == -1 && denied == -1 ? allow.isEmpty() : allowed > denied;
    }

    private static int modelPrefix(List<Cidr> networks, InetAddress client) {
        String bits = bits(client);
        return networks.stream()
                .filter(network -> network.address().getAddress().length == client.getAddress().length)
                .filter(network -> bits.startsWith(bits(network.address()).substring(0, network.prefixLength())))
                .mapToInt(Cidr::prefixLength).max().orElse(-1);
    }

    private static String bits(InetAddress address) {
        StringBuilder bits = new StringBuilder();
        for (byte b : address.getAddress()) {
            bits.append(Integer.toBinaryString((b & 0xff) | 0x100), 1, 9);
        }
        return bits.toString();
    }

    private static List<Cidr> networks(Random random, int count) {
        List<Cidr> networks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] bytes = bytes(random);
            int prefixLength = random.nextInt(random.nextBoolean() ? 6 : bytes.length * 8 + 1);
            for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
            }
            networks.add(new Cidr(AddressBytes.address(bytes), prefixLength));
        }
        return networks;
    }

    /** Few different values, so that networks and addresses meet. */
    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(4) << 6);
        }
        return bytes;
    }

    private static AddressFilter filter(List<Cidr> allow, List<Cidr> deny) {
        return new AddressFilter(new AccessConfig(allow, deny));
    }

    private static boolean allows(AddressFilter filter, String client) {
        return filter.allows(InetAddress.ofLiteral(client));
    }
}
