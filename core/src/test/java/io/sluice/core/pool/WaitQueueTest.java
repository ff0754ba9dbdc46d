package io.sluice.core.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.ServerConfig.AdminState;
import io.sluice.config.TargetConfig.Wanted;
import io.sluice.core.loop.HandDriven;
import io.sluice.core.loop.LoopThread;
import io.sluice.core.loop.ManualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WaitQueueTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5432);

    private final HandDriven home = new HandDriven();
    private final Pool pool = new PoolSettings().server(ADDRESS, 1).server(ADDRESS, 1).maxQueue(3).pool();
    private final ServerStates states = new ServerStates(pool, (work, delayNs) -> { }, new ManualClock());
    private final List<String> told = new ArrayList<>();
    private final Server first = pool.servers().get(0);
    private final Server second = pool.servers().get(1);

    WaitQueueTest() {
        pool.home(home.loop().mailbox());
        PoolSettings.resolve(pool, states);
        assertTrue(first.tryAcquire() && second.tryAcquire());
    }

    @AfterEach
    void close() {
        home.close();
    }

    @Test
    void grantsInOrderAsSlotsComeBack() {
        join("a");
        join("b");
        pool.release(second);
        home.turn();
        home.turn();
        assertEquals(List.of("a: s1"), told);
        pool.release(first);
        home.turn();
        home.turn();
        assertEquals(List.of("a: s1", "b: s0"), told);
        assertEquals(0, pool.queueLength());
    }

    @Test
    void isBounded() {
        join("a");
        join("b");
        join("c");
        assertFalse(pool.tryWait(waiter("d", pool, TriedServers.NONE)));
        assertEquals(3, pool.queueLength());
    }

    @Test
    void closesTheGapOfOneThatLeaves() {
        join("a");
        Waiter leaving = join("b");
        join("c");
        home.turn();
        pool.leave(leaving);
        pool.leave(leaving);
        home.turn();
        assertEquals(2, pool.queueLength());
        pool.release(first);
        pool.release(second);
        home.turn();
        home.turn();
        assertEquals(List.of("a: s0", "c: s1"), told);
    }

    @Test
    void servesOneBehindAWaiterThatHasTriedTheFreeServer() {
        pool.tryWait(waiter("choosy", pool, Servers.tried(first)));
        join("b");
        pool.release(first);
        home.turn();
        home.turn();
        assertEquals(List.of("b: s0"), told);
        assertEquals(1, pool.queueLength());
    }

    @Test
    void tellsThoseForWhomNoServerIsLeft() {
        pool.tryWait(waiter("choosy", pool, Servers.tried(first)));
        join("b");
        home.turn();
        states.unhealthy(second, "test");
        home.turn();
        home.turn();
        assertEquals(List.of("choosy: none"), told);
        states.unhealthy(first, "test");
        home.turn();
        home.turn();
        assertEquals(List.of("choosy: none", "b: none"), told);
        assertEquals(0, pool.queueLength());
    }

    @Test
    void grantsASlotThatCameBackBeforeTheWaiterWasIn() {
        pool.release(first);
        join("late");
        home.turn();
        home.turn();
        assertEquals(List.of("late: s0"), told);
    }

    @Test
    void holdsThoseForWhomThereIsNoServer() {
        Pool holding = holdingPool();
        ServerStates holdingStates = new ServerStates(holding, (work, delayNs) -> { }, new ManualClock());
        holding.tryWait(waiter("a", holding, TriedServers.NONE));
        holding.tryWait(waiter("b", holding, TriedServers.NONE));
        turnTwice();
        assertEquals(List.of(), told);
        PoolSettings.resolve(holding, holdingStates);
        turnTwice();
        assertEquals(List.of("a: s0", "b: s0"), told);
    }

    @Test
    void holdsAWaiterThatHasTriedAServerUntilThatIsFoundToWork() {
        Pool holding = holdingPool();
        ServerStates holdingStates = new ServerStates(holding, (work, delayNs) -> { }, new ManualClock());
        PoolSettings.resolve(holding, holdingStates);
        Server only = holding.servers().getFirst();
        holding.tryWait(waiter("a", holding, Servers.tried(only)));
        turnTwice();
        assertEquals(List.of(), told);
        holdingStates.found(only, Role.UNKNOWN, 0, "", holdingStates.nowNs());
        turnTwice();
        assertEquals(List.of("a: s0"), told);
    }

    @Test
    void lacksNothingForOneRoleBecauseOthersWaitForAnother() {
        Pool holding = holdingPool();
        ServerStates holdingStates = new ServerStates(holding, (work, delayNs) -> { }, new ManualClock());
        PoolSettings.resolve(holding, holdingStates);
        holding.tryWait(waiter("writer", new Target(holding, Wanted.PRIMARY), null, TriedServers.NONE));
        assertEquals(1, holding.queueLength(Wanted.PRIMARY));
        assertEquals(0, holding.queueLength(Wanted.REPLICA));
        holding.tryWait(waiter("reader", new Target(holding, Wanted.REPLICA), null, TriedServers.NONE));
        turnTwice();
        holdingStates.found(holding.servers().getFirst(), Role.REPLICA, 0, "", holdingStates.nowNs());
        turnTwice();
        assertEquals(List.of("reader: s0"), told);
        holdingStates.found(holding.servers().getFirst(), Role.PRIMARY, 0, "", holdingStates.nowNs());
        turnTwice();
        assertEquals(List.of("reader: s0", "writer: s0"), told);
    }

    @Test
    void grantsTheSlotsOfAServerToThosePinnedToItFirst() {
        join("any");
        joinPinned("p", second);
        joinPinned("q", second);
        pool.release(second);
        turnTwice();
        assertEquals(List.of("p: s1"), told);
        pool.release(first);
        turnTwice();
        assertEquals(List.of("p: s1", "any: s0"), told);
        pool.release(second);
        turnTwice();
        assertEquals(List.of("p: s1", "any: s0", "q: s1"), told);
        assertEquals(0, pool.queueLength());
    }

    @Test
    void keepsASlotForThePinnedFromThoseThatComeMeanwhile() {
        joinPinned("p", second);
        home.turn();
        pool.release(second);
        assertNull(pool.pick(Wanted.ANY, 0, TriedServers.NONE));
        assertFalse(pool.tryAcquire(second));
        turnTwice();
        assertEquals(List.of("p: s1"), told);
    }

    @Test
    void thosePinnedToAFullServerStandInNobodysWay() {
        joinPinned("p", second);
        pool.release(first);
        assertEquals(first, pool.pick(Wanted.ANY, 0, TriedServers.NONE));
    }

    @Test
    void thePinnedWaitForADrainingServerButNotForOneThatIsOut() {
        joinPinned("p", second);
        states.direct(second, new Directive(Optional.of(AdminState.DRAIN), Optional.empty()));
        turnTwice();
        assertEquals(List.of(), told);
        states.unhealthy(second, "test");
        turnTwice();
        assertEquals(List.of("p: none"), told);
    }

    @Test
    void grantsOthersTheSlotThatWasKeptForOneThatLeaves() {
        Waiter leaving = joinPinned("p", second);
        home.turn();
        second.release();
        join("any");
        home.turn();
        assertEquals(List.of(), told);
        pool.leave(leaving);
        home.turn();
        turnTwice();
        assertEquals(List.of("any: s1"), told);
    }

    private Pool holdingPool() {
        Pool holding = new PoolSettings().server(ADDRESS).hold(Duration.ofSeconds(10)).pool();
        holding.home(home.loop().mailbox());
        return holding;
    }

    private void turnTwice() {
        home.turn();
        home.turn();
    }

    /** Each worker that finds no slot waits until it is granted one: a lost wake-up would leave one waiting. */
    @Test
    void losesNoWakeUpAndNoSlotUnderStress() throws Exception {
        int workers = 6;
        int rounds = 5_000;
        Pool busy = new PoolSettings().server(ADDRESS, 1).server(ADDRESS, 1).maxQueue(workers).pool();
        AtomicInteger held = new AtomicInteger();
        AtomicInteger tooMany = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(workers);
        try (LoopThread homeThread = new LoopThread()) {
            busy.home(homeThread.loop().mailbox());
            PoolSettings.resolve(busy, new ServerStates(busy, (work, delayNs) -> { }, System::nanoTime));
            for (int i = 0; i < workers; i++) {
                Server pin = i < 2 ? busy.servers().get(i) : null;
                Thread.ofPlatform().daemon().start(() -> {
                    for (int round = 0; round < rounds; round++) {
                        Server server = pickOrWait(busy, pin, homeThread);
                        if (held.incrementAndGet() > 2) {
                            tooMany.incrementAndGet();
                        }
                        Thread.yield();
                        held.decrementAndGet();
                        busy.release(server);
                    }
                    done.countDown();
                });
            }
            assertTrue(done.await(60, TimeUnit.SECONDS), "a waiter was forgotten");
        }
        assertEquals(0, tooMany.get());
        assertEquals(0, busy.queueLength());
        assertEquals(0, busy.servers().get(0).connections() + busy.servers().get(1).connections());
    }

    private static Server pickOrWait(Pool busy, Server pin, LoopThread homeThread) {
        Target target = new Target(busy, Wanted.ANY);
        if (pin != null && busy.tryAcquire(pin)) {
            return pin;
        }
        Server picked = pin != null || target.queueLength() > 0 ? null : target.pick(0, TriedServers.NONE);
        if (picked != null) {
            return picked;
        }
        Server[] granted = new Server[1];
        Semaphore come = new Semaphore(0);
        busy.tryWait(new Waiter(target, pin, 0, TriedServers.NONE, homeThread.loop().mailbox(), new Waiter.Handler() {
            @Override
            public void onServerGranted(Server server) {
                granted[0] = server;
                come.release();
            }

            @Override
            public void onNoServer() {
                throw new AssertionError("both servers are up");
            }
        }));
        come.acquireUninterruptibly();
        return granted[0];
    }

    private Waiter join(String name) {
        Waiter waiter = waiter(name, pool, TriedServers.NONE);
        assertTrue(pool.tryWait(waiter));
        return waiter;
    }

    private Waiter joinPinned(String name, Server pin) {
        Waiter waiter = waiter(name, new Target(pool, Wanted.ANY), pin, TriedServers.NONE);
        assertTrue(pool.tryWait(waiter));
        return waiter;
    }

    private Waiter waiter(String name, Pool in, TriedServers tried) {
        return waiter(name, new Target(in, Wanted.ANY), null, tried);
    }

    private Waiter waiter(String name, Target target, Server pin, TriedServers tried) {
        return new Waiter(target, pin, 0, tried, home.loop().mailbox(), new Waiter.Handler() {
            @Override
            public void onServerGranted(Server server) {
                told.add(name + ": " + server);
            }

            @Override
            public void onNoServer() {
                told.add(name + ": none");
            }
        });
    }
}
