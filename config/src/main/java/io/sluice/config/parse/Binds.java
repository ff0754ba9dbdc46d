package io.sluice.config.parse;

import io.sluice.config.Endpoint;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.Node;

/** Finds an address that is configured twice to listen on. Owned by one parse. */
final class Binds {

    private final Map<SocketAddress, Integer> firstLines = new HashMap<>();

    /** Port 0 never conflicts, since the kernel chooses another port each time. */
    void add(Endpoint bind, Node at, Reading reading) {
        if (bind.port() == 0) {
            return;
        }
        SocketAddress address = new SocketAddress(InetAddress.ofLiteral(bind.host()), bind.port());
        Integer firstLine = firstLines.putIfAbsent(address, Reading.line(at));
        if (firstLine != null) {
            reading.error(at, bind + " is already listened on, in line " + firstLine);
        }
    }

    private record SocketAddress(InetAddress address, int port) { }
}
