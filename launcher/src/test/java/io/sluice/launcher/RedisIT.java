package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.core.pool.ServerState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.embedded.RedisServer;

/** Redis and its usual Java client do not notice Sluice between them. */
class RedisIT {

    private final List<RedisServer> servers = new ArrayList<>();
    private Sluice sluice;

    @BeforeEach
    void start() throws Exception {
        sluice = InProcess.launch("""
                workers: 2
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: tcp, pool: pool, session-log: off }]
                pools:
                  pool:
                    balance: first
                    servers:
                      - { name: redis1, address: 127.0.0.1:%d }
                      - { name: redis2, address: 127.0.0.1:%d }
                    health-check: { type: tcp, interval: 100ms, timeout: 10s, fall: 2, rise: 2 }
                    on-down: close-connections
                """.formatted(startRedis(), startRedis()));
    }

    @AfterEach
    void stop() throws IOException {
        sluice.close();
        for (RedisServer server : servers) {
            server.stop();
        }
    }

    @Test
    void pipelinesTenThousandCommands() {
        try (Jedis redis = client(); Pipeline pipeline = redis.pipelined()) {
            List<Response<Long>> counts = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                counts.add(pipeline.incr("counter"));
            }
            pipeline.sync();
            for (int i = 0; i < counts.size(); i++) {
                assertEquals(i + 1, counts.get(i).get());
            }
        }
    }

    @Test
    void storesAndReturnsLargeValues() {
        try (Jedis redis = client()) {
            String value = "sluice".repeat(500_000);
            redis.set("large", value);
            assertEquals(value, redis.get("large"));
        }
    }

    @Test
    void deliversPublishedMessages() throws Exception {
        LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
        CompletableFuture<Void> subscribed = new CompletableFuture<>();
        JedisPubSub subscription = new JedisPubSub() {
            @Override
            public void onSubscribe(String channel, int subscriptions) {
                subscribed.complete(null);
            }

            @Override
            public void onMessage(String channel, String message) {
                messages.add(message);
            }
        };
        try (Jedis subscriber = client(); Jedis publisher = client()) {
            Thread listening = Thread.startVirtualThread(() -> subscriber.subscribe(subscription, "news"));
            subscribed.get(10, TimeUnit.SECONDS);
            for (int i = 0; i < 100; i++) {
                publisher.publish("news", "message " + i);
            }
            for (int i = 0; i < 100; i++) {
                assertEquals("message " + i, messages.poll(10, TimeUnit.SECONDS));
            }
            subscription.unsubscribe();
            listening.join();
        }
    }

    @Test
    void wakesABlockingPop() throws Exception {
        try (Jedis consumer = client(); Jedis producer = client()) {
            CompletableFuture<List<String>> popped = new CompletableFuture<>();
            Thread.startVirtualThread(() -> popped.complete(consumer.blpop(10, "jobs")));
            await().until(() -> producer.info("clients").contains("blocked_clients:1"));
            producer.rpush("jobs", "first");
            assertEquals(List.of("jobs", "first"), popped.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void movesClientsToTheOtherServerWhenTheFirstDiesAndBackWhenItReturns() throws Exception {
        try (Jedis onFirst = client()) {
            onFirst.set("here", "redis1");
            servers.getFirst().stop();
            assertThrows(JedisConnectionException.class, () -> onFirst.get("here"));
        }
        // No waiting for a health check: the attempt on the dead server is retried on the other one.
        try (Jedis onSecond = client()) {
            onSecond.set("here", "redis2");
            assertEquals("redis2", onSecond.get("here"));
            await().until(() -> InProcess.state(sluice, "redis1") == ServerState.DOWN);
            assertEquals("redis2", onSecond.get("here"));

            servers.getFirst().start();
            await().until(() -> InProcess.state(sluice, "redis1") == ServerState.UP);
            assertEquals("redis2", onSecond.get("here"));
        }
        await().untilAsserted(() -> {
            try (Jedis onFirst = client()) {
                // It keeps nothing on disk, and so has come back empty.
                assertEquals(null, onFirst.get("here"));
            }
        });
    }

    private Jedis client() {
        return new Jedis("127.0.0.1", InProcess.address(sluice).getPort(), 10_000);
    }

    private int startRedis() throws IOException {
        int port = LoopbackPorts.free();
        // Not stopped by force: that would not wait for its end, until which it may accept connections still.
        RedisServer server = LocalRedis.on(port).onShutdownForceStop(false).build();
        servers.add(server);
        server.start();
        return port;
    }
}
