package io.sluice.core.worker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.AccessConfig;
import io.sluice.config.Endpoint;
import io.sluice.config.ProxyProtocolConfig;
import io.sluice.config.Rate;
import io.sluice.config.RateLimitConfig;
import io.sluice.config.SessionLogConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TcpListenerConfig;
import io.sluice.config.TcpRouteConfig;
import io.sluice.core.limit.RateLimit;
import io.sluice.core.net.ConnectionLimit;
import io.sluice.core.net.TlsFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ListenerTest {

    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final Listener listener = new Listener(config(), new ConnectionLimit(null, 10), null);
    private final long nowNs = System.nanoTime();

    @Test
    void tellsOfFailuresOnceAMinuteHoweverTheyTakeTurnsWithSuccess() {
        assertTrue(listener.mayTellOfFailure(nowNs));
        for (int seconds = 0; seconds < 60; seconds++) {
            assertFalse(listener.mayTellOfFailure(nowNs + seconds * SECOND_NS));
        }
        assertTrue(listener.mayTellOfFailure(nowNs + 60 * SECOND_NS));
    }

    @Test
    void tellsOfItsLimitWhateverElseItHasToldOf() {
        assertTrue(listener.mayTellOfFailure(nowNs));
        assertTrue(listener.mayTellOfLimit(nowNs));
        assertFalse(listener.mayTellOfLimit(nowNs));
    }

    @Test
    void tellsOfEachReasonForNoTlsOnceAMinute() {
        assertTrue(listener.mayTellOfTls(TlsFailure.ALERT, nowNs));
        assertFalse(listener.mayTellOfTls(TlsFailure.ALERT, nowNs + 59 * SECOND_NS));
        assertTrue(listener.mayTellOfTls(TlsFailure.VERSION, nowNs + 59 * SECOND_NS));
        assertTrue(listener.mayTellOfTls(TlsFailure.ALERT, nowNs + 60 * SECOND_NS));
    }

    @Test
    void tellsOfItsLimitOnlyWhileItIsNotStopped() {
        listener.stop(true);
        assertFalse(listener.mayTellOfLimit(nowNs));
        listener.stop(false);
        assertTrue(listener.mayTellOfLimit(nowNs));
    }

    @Test
    void keepsARateLimitAsLongAsItIsConfigured() {
        listener.become(config(5), null);
        RateLimit limit = listener.rateLimit();
        listener.become(config(5), null);
        assertSame(limit, listener.rateLimit());
        listener.become(config(6), null);
        assertNotSame(limit, listener.rateLimit());
        listener.become(config(), null);
        assertNull(listener.rateLimit());
        listener.become(config(5), null);
        assertNotSame(limit, listener.rateLimit());
    }

    private static TcpListenerConfig config(int perSecond) {
        return config(Optional.of(
                new RateLimitConfig(Rate.perSecond(perSecond), perSecond, RateLimitConfig.BY_CLIENT, false)));
    }

    private static TcpListenerConfig config() {
        return config(Optional.empty());
    }

    private static TcpListenerConfig config(Optional<RateLimitConfig> rateLimit) {
        Duration any = Duration.ofSeconds(1);
        return new TcpListenerConfig("listener", List.of(new Endpoint("127.0.0.1", 1)),
                List.of(new TcpRouteConfig(TcpRouteConfig.Match.ANY,
                        new TargetConfig("pool", TargetConfig.Wanted.ANY))),
                TcpListenerConfig.Inspect.OFF, 10, 10, 100, 50,
                new ProxyProtocolConfig(ProxyProtocolConfig.Accept.OFF, List.of(), any), AccessConfig.OPEN,
                rateLimit, Optional.empty(), new TcpListenerConfig.Timeouts(any, any, any), new SessionLogConfig(
                        SessionLogConfig.Target.OFF, Optional.empty(), SessionLogConfig.Format.TEXT));
    }
}
