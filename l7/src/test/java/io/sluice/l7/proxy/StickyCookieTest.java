package io.sluice.l7.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sluice.config.HttpPoolConfig.Sticky;
import io.sluice.core.net.Loopback;
import io.sluice.core.pool.Pool;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.PoolSettings;
import io.sluice.core.pool.Server;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.HttpLimits;
import io.sluice.l7.http.Outcome;
import io.sluice.l7.http.RequestParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pins a client, and what clients send back. */
class StickyCookieTest {

    private final Pool pool = new PoolSettings().server(Loopback.refusing()).server(Loopback.refusing()).pool();
    private final Server server = pool.servers().get(1);

    StickyCookieTest() throws IOException { }

    private StickyCookie cookie(Sticky config) {
        return new StickyCookie(config, new PoolPlan(pool, null, null, pool.servers()));
    }

    private static Sticky named(String name) {
        return new Sticky(name, false, false, "", Optional.empty(), Optional.empty());
    }

    private static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII);
    }

    /** Of a server, as a client sends it back. */
    private String pair(StickyCookie cookie, Server of) {
        String set = text(cookie.setCookie(of));
        return set.substring(0, set.indexOf(';'));
    }

    private static HeaderFields fields(String cookies) {
        RequestParser parser = new RequestParser(HttpLimits.DEFAULT);
        byte[] head = ("GET / HTTP/1.0\r\nCookie: " + cookies.replace("^", "\r\nCookie: ") + "\r\n\r\n").getBytes(
                StandardCharsets.US_ASCII);
        assertEquals(Outcome.COMPLETE, parser.parse(ByteBuffer.wrap(head)));
        return parser.fields();
    }

    @Test
    void tellsBrowsersWhatTheOperatorSays() {
        Sticky all = new Sticky("S", true, true, "Lax", Optional.of(Duration.ofHours(1)), Optional.empty());
        String plain = pair(cookie(named("S")), server);
        assertEquals(plain + "; Path=/", text(cookie(named("S")).setCookie(server)));
        assertEquals(plain + "; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax",
                text(cookie(all).setCookie(server)));
    }

    /** Others could not make it up, and two hosts with the same secret understand each other's. */
    @Test
    void makesAValueOfTheSecretAndTheServersName() {
        Sticky secret = new Sticky("S", false, false, "", Optional.empty(),
                Optional.of(new Sticky.Secret("secret", Optional.empty())));
        assertEquals(pair(cookie(secret), server), pair(cookie(secret), server));
        assertNotEquals(pair(cookie(secret), server), pair(cookie(named("S")), server));
        assertNotEquals(pair(cookie(secret), server), pair(cookie(secret), pool.servers().getFirst()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "a=b; %s", "%s; a=b", "a; %s", "=; %s", "SS=1; %s", "a=b^%s", "S=gone^%s", "a=b;%s"})
    void findsItsServerAmongOtherCookies(String cookies) {
        StickyCookie cookie = cookie(named("S"));
        assertSame(server, cookie.serverOf(fields(cookies.formatted(pair(cookie, server)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X%s", "%s0", "a=%s", "S", "S=", "a=b", "s=", "%s=", "S =a", "S%s"})
    void takesNothingElseForIt(String cookies) {
        StickyCookie cookie = cookie(named("S"));
        assertNull(cookie.serverOf(fields(cookies.formatted(pair(cookie, server)))));
    }

    @Test
    void pinsNoClientToAServerThatItDoesNotKnow() {
        StickyCookie cookie = cookie(named("S"));
        assertNull(cookie.setCookie(new Server(1, server.config())));
        assertNull(cookie.setCookie(new Server(2, server.config())));
    }
}
