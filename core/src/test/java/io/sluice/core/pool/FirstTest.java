package io.sluice.core.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FirstTest {

    @Test
    void fillsServersInTheirOrder() {
        Balancer first = new First(new Candidates(Servers.servers(3, 2), new int[] {1, 9, 9}));
        assertEquals("s0 s0 s1 s1 s2 s2", Servers.picks(first, 6, false));
    }

    @Test
    void returnsToTheFirstAsSoonAsItHasASlot() {
        Server[] servers = Servers.servers(2, 1);
        Balancer first = new First(new Candidates(servers, new int[] {1, 1}));
        Servers.picks(first, 2, false);
        servers[0].release();
        assertEquals("s0", Servers.picks(first, 1, false));
    }
}
