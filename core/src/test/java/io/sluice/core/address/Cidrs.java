package io.sluice.core.address;

import io.sluice.config.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** Networks for tests. */
final class Cidrs {

    private Cidrs() { }

    static List<Cidr> of(String... networks) {
        return Stream.of(networks).map(Cidrs::cidr).toList();
    }

    private static Cidr cidr(String network) {
        int slash = network.indexOf('/');
        return new Cidr(InetAddress.ofLiteral(network.substring(0, slash)),
                Integer.parseInt(network.substring(slash + 1)));
    }
}
