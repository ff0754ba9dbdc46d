package io.sluice.core.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.pool.Server;
import io.sluice.core.pool.ServerStates;
import io.sluice.core.pool.Target;
import io.sluice.core.pool.TriedServers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool of one server with one slot, taken. */
class QueuePlaceTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 1);

    private final HandDriven driven = new HandDriven();
    private final HandDriven home = new HandDriven();
    private final List<String> told = new ArrayList<>();
    private final Pool pool = new PoolSettings().server(ADDRESS, 1).queueTimeout(Duration.ofSeconds(5))
            .hold(Duration.ofSeconds(10)).maxQueue(1).pool();
    private final Server server = pool.servers().getFirst();
    private final ServerStates states = new ServerStates(pool, (work, delayNs) -> { }, driven.clock());
    private final Target target = new Target(pool, Wanted.ANY);
    private final QueuePlace place = new QueuePlace(driven.loop(), new QueuePlace.Owner() {
        @Override
        public void onServerGranted(Server granted) {
            told.add(granted.name());
        }

        @Override
        public void onNoServer() {
            told.add("none");
        }

        @Override
        public void onQueueTimeout() {
            told.add("timeout");
        }
    });

    QueuePlaceTest() {
        pool.home(home.loop().mailbox());
        PoolSettings.resolve(pool, states);
        assertTrue(server.tryAcquire());
        driven.turn();
    }

    @AfterEach
    void close() {
        assertEquals(0, driven.loop().timers().size(), "timers leaked");
        driven.close();
        home.close();
    }

    @Test
    void waitsForASlot() {
        enter();
        driven.pass(Duration.ofSeconds(4));
        assertEquals(List.of(), told);
        pool.release(server);
        turn();
        assertEquals(List.of("s0"), told);
        assertEquals(Duration.ofSeconds(4).toNanos(), place.waitedNs());
        assertFalse(place.wasHeld());
    }

    @Test
    void waitsNoLongerThanItMay() {
        enter();
        driven.pass(Duration.ofSeconds(5).minusNanos(1));
        assertEquals(List.of(), told);
        driven.pass(Duration.ofNanos(1));
        assertEquals(List.of("timeout"), told);
        home.turn();
        assertEquals(0, pool.queueLength());
    }

    @Test
    void waitsForAsLongAsThePoolHoldsClientsOnceTheServerIsGone() {
        enter();
        driven.pass(Duration.ofSeconds(4));
        states.unhealthy(server, "test");
        turn();
        driven.pass(Duration.ofSeconds(6).minusNanos(1));
        assertEquals(List.of(), told);
        driven.pass(Duration.ofNanos(1));
        assertEquals(List.of("timeout"), told);
        home.turn();
    }

    @Test
    void saysThatItHasHeldTheClient() {
        states.unhealthy(server, "test");
        enter();
        assertTrue(place.wasHeld());
        place.leave();
        place.reset();
        assertFalse(place.wasHeld());
        assertEquals(0, place.waitedNs());
        turn();
    }

    @Test
    void givesBackASlotThatIsGrantedWhenTheTimeIsUp() {
        enter();
        pool.release(server);
        home.turn();
        assertEquals(1, server.connections());
        driven.clock().advance(Duration.ofSeconds(5));
        place.onTimer(driven.clock().getAsLong());
        turn();
        assertEquals(List.of("timeout"), told);
        assertEquals(0, server.connections());
    }

    @Test
    void doesNotEnterAFullQueue() {
        enter();
        assertFalse(new QueuePlace(driven.loop(), null).tryEnter(target, null, 0, TriedServers.NONE));
        place.leave();
        turn();
    }

    private void enter() {
        assertTrue(place.tryEnter(target, null, 0, TriedServers.NONE));
        home.turn();
    }

    private void turn() {
        home.turn();
        driven.turn();
    }
}
