package io.sluice.config;

/**
 * A host and a port as written: {@code db1:5432}, {@code 10.0.0.1:5432}, {@code [::1]:5432}. Not resolved. Immutable.
 *
 * @param host a host name or an IP address, IPv6 without brackets
 * @param port 0 to 65535; for an address to listen on, 0 lets the kernel choose
 */
public record Endpoint(String host, int port) {

    public static final int MAX_PORT = 65_535;

    public Endpoint {
        Checks.that(!host.isEmpty(), "an address needs a host before the port");
        Checks.inRange("port", port, 0, MAX_PORT);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
