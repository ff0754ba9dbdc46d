package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.config.Endpoint;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({"db1:5432,db1,5432", "10.0.0.1:1,10.0.0.1,1", "'[::1]:65535',::1,65535", "a.b-c.d_e.:80,a.b-c.d_e.,80",
        "unix:5432,unix,5432",
        "'[2001:db8::10.0.0.1]:80',2001:db8::10.0.0.1,80"})
    void readsTheAddressOfAServer(String text, String host, int port) throws Exception {
        Endpoint endpoint = Addresses.server().parser().parse(text);
        assertEquals(new Endpoint(host, port), endpoint);
        assertEquals(text, Addresses.server().write(endpoint));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "db1|expected host:port, but \"db1\" has no port",
        "''|expected host:port, but \"\" has no port",
        ":5432|expected host:port, but \":5432\" has no host",
        "db1:|expected a port from 1 to 65535 after the colon, not \"\"",
        "db1:0|expected a port from 1 to 65535 after the colon, not \"0\"",
        "db1:65536|expected a port from 1 to 65535 after the colon, not \"65536\"",
        "db1:x|expected a port from 1 to 65535 after the colon, not \"x\"",
        "db1:-1|expected a port from 1 to 65535 after the colon, not \"-1\"",
        "10.0.0.256:1|\"10.0.0.256\" is neither an IP address nor a host name",
        "10.0.1:1|\"10.0.1\" is neither an IP address nor a host name",
        "010.0.0.1:1|\"010.0.0.1\" is neither an IP address nor a host name",
        "a b:1|\"a b\" is neither an IP address nor a host name",
        "-a:1|\"-a\" is neither an IP address nor a host name",
        "a..b:1|\"a..b\" is neither an IP address nor a host name",
        "*:1|\"*\" is neither an IP address nor a host name",
        "::1:5432|an IPv6 address before a port goes in brackets",
        "[::1:5432|\"[::1\" is neither an IP address nor a host name",
        "[::1]|expected host:port, but \"[::1]\" has no port",
        "[db1]:80|expected an IPv6 address in brackets, not \"db1\"",
        "[fe80::1%eth0]:80|expected an IPv6 address in brackets, not \"fe80::1%eth0\"",
        "http://db1:80|expected host:port, not a URI",
        "https://db1|expected host:port, not a URI",
        "80|expected host:port, but \"80\" has no host",
    })
    void refusesTheAddressOfAServer(String text, String message) {
        assertEquals(message, refusal(Addresses.server(), text).getMessage());
    }

    @Test
    void refusesAHostNameTooLongForTheDomainNameSystem() {
        String name = "a.".repeat(1_000_000) + "a";
        assertThrows(InvalidValueException.class, () -> Addresses.server().parser().parse(name + ":80"));
    }

    @Test
    void proposesBracketsForIpv6() {
        assertEquals(Optional.of("write [::1]:5432"), refusal(Addresses.server(), "::1:5432").suggestion());
    }

    @ParameterizedTest
    @CsvSource({"10.1.2.3,10.1.2.3/32", "10.0.0.0/8,10.0.0.0/8", "0.0.0.0/0,0.0.0.0/0", "10.1.2.128/25,10.1.2.128/25",
        "::1,0:0:0:0:0:0:0:1/128", "2001:db8::/32,2001:db8:0:0:0:0:0:0/32", "::/0,0:0:0:0:0:0:0:0/0"})
    void readsANetworkAndReadsAgainWhatItWrote(String text, String written) throws Exception {
        assertEquals(written, Addresses.network().parser().parse(text).toString());
        assertEquals(written, Addresses.network().parser().parse(written).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "10.1.2.3/8|10.1.2.3/8 has bits set behind its prefix",
        "10.0.0.0/33|expected a prefix length from 0 to 32 after the slash, not \"33\"",
        "::/129|expected a prefix length from 0 to 128 after the slash, not \"129\"",
        "10.0.0.0/|expected a prefix length from 0 to 32 after the slash, not \"\"",
        "10.0.0.0/-1|expected a prefix length from 0 to 32 after the slash, not \"-1\"",
        "10.0.0.0/8/8|expected a prefix length from 0 to 32 after the slash, not \"8/8\"",
        "10.0.0/24|expected a network such as 10.0.0.0/8, not \"10.0.0/24\"",
        "localhost|expected a network such as 10.0.0.0/8, not \"localhost\"",
        "''|expected a network such as 10.0.0.0/8, not \"\"",
    })
    void refusesANetwork(String text, String message) {
        assertEquals(message, refusal(Addresses.network(), text).getMessage());
    }

    @Test
    void namesTheNetworkThatAnAddressWithAPrefixIsIn() {
        assertEquals(Optional.of("the network is 10.1.2.128/25"),
                refusal(Addresses.network(), "10.1.2.200/25").suggestion());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "db1", "10.0.0", "127.1", "0x7f.1", "10.0.0.1:80", "[::1]", "fe80::1%1", ":::",
        "1::2::3"})
    void refusesWhatIsNoAddress(String text) {
        assertEquals("expected an IP address, not \"" + text + "\"", refusal(Addresses.address(), text).getMessage());
    }

    private static InvalidValueException refusal(Scalar<?> type, String text) {
        return assertThrows(InvalidValueException.class, () -> type.parser().parse(text));
    }
}
