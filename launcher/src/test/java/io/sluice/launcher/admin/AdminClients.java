package io.sluice.launcher.admin;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.stream.Stream;

/** Clients of an admin address in the test's own process. */
public final class AdminClients {

    private AdminClients() { }

    public static AdminClient to(AdminServer server) {
        InetSocketAddress address = server.address();
        return new AdminClient(URI.create("http://" + address.getHostString() + ":" + address.getPort()),
                server.token(), HttpClient.newHttpClient());
    }

    /** The lines of server-sent events as they come. */
    public static Stream<String> events(AdminClient client) throws Exception {
        return client.events();
    }
}
