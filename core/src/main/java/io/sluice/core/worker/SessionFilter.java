package io.sluice.core.worker;

import io.sluice.core.pool.Server;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Selects sessions: those that meet every criterion that is present. Immutable.
 *
 * @param server its name, in whatever pool, or {@code pool/server}
 */
public record SessionFilter(Optional<String> listener, Optional<String> server, Optional<InetAddress> client) {

    boolean matches(Session session) {
        return (listener.isEmpty() || listener.get().equals(session.listener().name()))
                && (client.isEmpty() || client.get().equals(session.client().getAddress()))
                && (server.isEmpty() || isOn(session, server.get()));
    }

    private static boolean isOn(Session session, String wanted) {
        Server server = session.server();
        if (server == null) {
            return false;
        }
        String name = server.name();
        return wanted.equals(name) || wanted.length() == session.pool().length() + 1 + name.length()
                && wanted.startsWith(session.pool()) && wanted.endsWith(name)
                && wanted.charAt(session.pool().length()) == '/';
    }
}
