package io.sluice.config.parse;

import io.sluice.config.Cidr;
import io.sluice.config.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of addresses and networks. */
final class Addresses {

    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
    /** RFC 952 has no underscores in host names, but container networks use them. */
    private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
    private static final Pattern HOST_NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*\\.?");
    private static final int MAX_HOST_NAME = 253;
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
    private static final Pattern URI = Pattern.compile("(?<scheme>https?)://(?<host>[^/]*?)(?<port>:[0-9]+)?(?:/.*)?");
    private static final Pattern UNIX_SOCKET = Pattern.compile("(?:unix:)?[/@].*");
    private static final String ANY_IPV4 = "0.0.0.0";
    private static final Map<String, Object> ENDPOINT_SCHEMA =
            Json.object("type", "string", "pattern", "^(\\[[0-9A-Fa-f:.]+\\]|[^:\\[\\]]+):[0-9]{1,5}$");
    private static final Map<String, Object> TEXT_SCHEMA = Json.object("type", "string");

    private Addresses() { }

    /** The address of a server: a host name or an IP address, and a port. */
    static Scalar<Endpoint> server() {
        return new Scalar<>("`host:port`", ENDPOINT_SCHEMA, text -> {
            refuseUri(text);
            refuseUnixSocket(text);
            if (text.lastIndexOf(':') == 0) {
                throw new InvalidValueException("expected host:port, but " + Nodes.quoted(text) + " has no host",
                        "write 127.0.0.1" + text + " for this host");
            }
            Endpoint endpoint = split(text, 1);
            if (!isHost(endpoint.host())) {
                throw new InvalidValueException(
                        Nodes.quoted(endpoint.host()) + " is neither an IP address nor a host name");
            }
            return endpoint;
        }, Endpoint::toString);
    }

    /**
     * An address to listen on: an IP address and a port; {@code *} is every IPv4 address. No host names, since a name
     * may stand for several addresses or, at the start, for none.
     */
    static ValueType<Endpoint> bind() {
        Scalar<Endpoint> type = new Scalar<>("`address:port`", ENDPOINT_SCHEMA, text -> {
            refuseUnixSocket(text);
            Endpoint endpoint = split(text, 0);
            if (endpoint.host().equals("*")) {
                return new Endpoint(ANY_IPV4, endpoint.port());
            }
            if (ipAddress(endpoint.host()).isEmpty()) {
                throw new InvalidValueException("expected an IP address or * before the port, not "
                        + Nodes.quoted(endpoint.host()), "such as 127.0.0.1:" + endpoint.port());
            }
            return endpoint;
        }, Endpoint::toString);
        return type.then((endpoint, node, reading) -> {
            reading.binds().add(endpoint, node, reading);
            return endpoint;
        });
    }

    private static void refuseUri(String text) throws InvalidValueException {
        Matcher uri = URI.matcher(text);
        if (uri.matches()) {
            boolean secure = uri.group("scheme").equals("https");
            String port = uri.group("port") != null ? uri.group("port") : secure ? ":443" : ":80";
            throw new InvalidValueException("expected host:port, not a URI",
                    "write " + uri.group("host") + port + (secure ? ", and give the pool tls" : ""));
        }
    }

    private static void refuseUnixSocket(String text) throws InvalidValueException {
        if (UNIX_SOCKET.matcher(text).matches()) {
            throw new InvalidValueException("expected host:port, not a Unix socket",
                    "Sluice reaches servers and clients over TCP only");
        }
    }

    private static Endpoint split(String text, int leastPort) throws InvalidValueException {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 0 && PORT.matcher(text).matches() || colon == 0) {
            throw new InvalidValueException("expected host:port, but " + Nodes.quoted(text) + " has no host",
                    "write 0.0.0.0:" + port + " for every IPv4 address of the host, 127.0.0.1:" + port + " for itself");
        }
        if (colon < 0 || text.endsWith("]")) {
            throw new InvalidValueException("expected host:port, but " + Nodes.quoted(text) + " has no port");
        }
        return new Endpoint(host(text.substring(0, colon), port), port(port, leastPort));
    }

    private static String host(String host, String port) throws InvalidValueException {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        boolean ipv6 = bare.indexOf(':') >= 0 && ipAddress(bare).isPresent();
        if (bracketed && !ipv6) {
            throw new InvalidValueException("expected an IPv6 address in brackets, not " + Nodes.quoted(bare));
        }
        if (!bracketed && IPV6_CHARACTERS.matcher(host).matches()) {
            throw new InvalidValueException("an IPv6 address before a port goes in brackets",
                    ipv6 ? "write [" + host + "]:" + port : "such as [::1]:" + port);
        }
        return bare;
    }

    private static int port(String text, int least) throws InvalidValueException {
        if (!PORT.matcher(text).matches() || Integer.parseInt(text) < least
                || Integer.parseInt(text) > Endpoint.MAX_PORT) {
            throw new InvalidValueException("expected a port from " + least + " to " + Endpoint.MAX_PORT
                    + " after the colon, not " + Nodes.quoted(text));
        }
        return Integer.parseInt(text);
    }

    private static boolean isHost(String host) {
        boolean name = host.length() <= MAX_HOST_NAME && HOST_NAME.matcher(host).matches();
        // Digits and dots that are not an IPv4 address are a mistyped one.
        return ipAddress(host).isPresent() || name && !DIGITS_AND_DOTS.matcher(host).matches();
    }

    /** An IP address without a port. */
    static Scalar<InetAddress> address() {
        return new Scalar<>("IP address", TEXT_SCHEMA, text -> ipAddress(text).orElseThrow(() ->
                new InvalidValueException("expected an IP address, not " + Nodes.quoted(text))),
                InetAddress::getHostAddress);
    }

    /** A network such as {@code 10.0.0.0/8}; an address alone is a network of one. */
    static Scalar<Cidr> network() {
        return new Scalar<>("network such as `10.0.0.0/8`", TEXT_SCHEMA, Addresses::parseNetwork, Cidr::toString);
    }

    private static Cidr parseNetwork(String text) throws InvalidValueException {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = ipAddress(host).orElseThrow(() ->
                new InvalidValueException("expected a network such as 10.0.0.0/8, not " + Nodes.quoted(text)));
        int bits = address.getAddress().length * 8;
        int prefixLength = slash < 0 ? bits : prefixLength(text.substring(slash + 1), bits);
        InetAddress network = masked(address, prefixLength);
        if (!network.equals(address)) {
            throw new InvalidValueException(text + " has bits set behind its prefix",
                    "the network is " + new Cidr(network, prefixLength));
        }
        return new Cidr(address, prefixLength);
    }

    private static int prefixLength(String text, int bits) throws InvalidValueException {
        if (!PORT.matcher(text).matches() || Integer.parseInt(text) > bits) {
            throw new InvalidValueException(
                    "expected a prefix length from 0 to " + bits + " after the slash, not " + Nodes.quoted(text));
        }
        return Integer.parseInt(text);
    }

    private static InetAddress masked(InetAddress address, int prefixLength) {
        byte[] bytes = address.getAddress();
        for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }

    /** Strict: no host names, no short forms such as 127.1, no scopes. */
    private static Optional<InetAddress> ipAddress(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6_CHARACTERS.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
