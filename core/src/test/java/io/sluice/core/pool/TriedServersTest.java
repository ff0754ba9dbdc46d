package io.sluice.core.pool;

import static io.sluice.core.pool.Servers.servers;
import static io.sluice.core.pool.Servers.tried;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class TriedServersTest {

    private final Server[] servers = servers(10);

    @Test
    void knowsAllThatWereTriedHoweverMany() {
        TriedServers tried = new TriedServers();
        for (int count = 0; count < servers.length; count++) {
            for (int i = 0; i < servers.length; i++) {
                assertEquals(i < count, tried.contains(servers[i]));
            }
            tried.add(servers[count]);
        }
    }

    @Test
    void isTheSameWithoutOneAndNothingWithoutTheLast() {
        TriedServers three = tried(servers[0], servers[1], servers[2]);
        TriedServers two = three.without(servers[1]);
        for (int i = 0; i < servers.length; i++) {
            assertEquals(i == 0 || i == 2, two.contains(servers[i]));
        }
        assertSame(two, two.without(servers[1]));
        assertSame(TriedServers.NONE, two.without(servers[0]).without(servers[2]));
        assertFalse(TriedServers.NONE.contains(servers[0]));
    }
}
