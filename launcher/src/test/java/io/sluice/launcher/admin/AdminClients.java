package io.sluice.launcher.admin;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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
    public static Stream<String> events(AdminServer server) throws Exception {
        InetSocketAddress address = server.address();
        URI events = URI.create("http://" + address.getHostString() + ":" + address.getPort() + "/api/v1/events");
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(events)
                .header("Authorization", server.token().authorization()).build(), BodyHandlers.ofLines()).body();
    }
}
