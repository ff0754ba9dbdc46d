package io.sluice.l7.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.RequestKey;
import io.sluice.config.RouteConfig;
import io.sluice.config.RouteConfig.Action;
import io.sluice.config.RouteConfig.HeaderRules;
import io.sluice.config.RouteConfig.Share;
import io.sluice.l7.http.RequestParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {

    private static final List<Share> SHARES = List.of(new Share("v1", 9_950), new Share("v2", 50), new Share("v3", 0));
    private static final RequestKey UID = new RequestKey(RequestKey.Part.COOKIE, "uid");

    @Test
    void splitsByChanceWithoutAKeyAndGivesNothingToAShareOfNothing() {
        Route.Split split = split(SHARES, Optional.empty());
        RequestParser request = Requests.get("h", "/");
        int[] counts = new int[3];
        for (int i = 0; i < 200_000; i++) {
            counts[side(split, request)]++;
        }
        // 1,000 of 200,000 are expected; six standard deviations are 190.
        assertTrue(Math.abs(counts[1] - 1_000) < 190, counts[1] + " of 1,000");
        assertEquals(0, counts[2]);
    }

    @Test
    void splitsByAKeyEvenlyAndAlwaysTheSame() {
        Route.Split split = split(SHARES, Optional.of(UID));
        int[] counts = new int[3];
        for (int i = 0; i < 200_000; i++) {
            RequestParser request = Requests.parse("GET / HTTP/1.1^^Host: h^^Cookie: uid=" + i);
            int side = side(split, request);
            assertEquals(side, side(split, request));
            counts[side]++;
        }
        assertTrue(Math.abs(counts[1] - 1_000) < 190, counts[1] + " of 1,000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "^^Cookie: uid=", "^^Cookie: a=b; uid=; c=d"})
    void splitsByChanceWhatHasNoKey(String cookies) {
        List<Share> halves = List.of(new Share("v1", 5_000), new Share("v2", 5_000));
        Route.Split split = split(halves, Optional.of(UID));
        RequestParser request = Requests.parse("GET / HTTP/1.1^^Host: h" + cookies);
        boolean[] seen = new boolean[2];
        for (int i = 0; i < 200; i++) {
            seen[side(split, request)] = true;
        }
        assertTrue(seen[0] && seen[1]);
    }

    @ParameterizedTest
    @CsvSource({
        "/old/*, https://e.com/new/, /old/a/b?q=1, https://e.com/new/a/b?q=1",
        "/old/*, https://e.com/new/, /old/, https://e.com/new/",
        "/old/**, https://e.com/new/, /old?q, https://e.com/new/?q",
        "/old/*, https://e.com/new, /old/a?q=1, https://e.com/new",
        "/old, /new/, /old?q=1, /new/?q=1",
        ", https://e.com/, /a/b?q, https://e.com/a/b?q",
        ", /, /a, /a",
        "/old/*, /, /old//evil.example/x, /evil.example/x",
        ", /, ////evil.example, /evil.example",
    })
    void redirectsWithWhatIsBehindThePrefixIfTheTargetEndsWithASlash(String path, String to, String target,
                                                                      String expected) {
        Route.Redirect redirect = redirect(path, to);
        assertEquals(expected, Requests.location(redirect, Requests.get("h", target)));
        assertEquals(301, redirect.status());
    }

    @ParameterizedTest
    @CsvSource({
        ", https://*/, H.e.com, /a/b?q, https://H.e.com/a/b?q",
        ", https://*/, h.e.com:8080, http://h.e.com:8080, https://h.e.com/",
        ", https://*:8443/, h:80, /a, https://h:8443/a",
        "/old/*, http://*/new/, h, /old/a?q, http://h/new/a?q",
        "/old/*, https://*/new, '[::1]:80', /old/a?q, 'https://[::1]/new'",
        ", https://*, h, /a, https://h",
    })
    void redirectsToTheHostThatTheClientAsksFor(String path, String to, String host, String target, String expected) {
        Route.Redirect redirect = redirect(path, to);
        assertEquals(expected, Requests.location(redirect, Requests.get(host, target)));
        assertTrue(redirect.needsHost());
    }

    @Test
    void answersInUtf8() {
        Route.Respond respond = (Route.Respond) Requests.compiled(Requests.match(null, null),
                new Action.Respond(200, "gr\u00fcn", "text/plain")).action();
        assertEquals("gr\u00fcn", new String(respond.body(), StandardCharsets.UTF_8));
    }

    @Test
    void dropsWhatIsRemovedOrSetAndAddsWhatIsSetOrAdded() {
        HeaderEdits edits = new HeaderEdits(new HeaderRules(List.of("X-Debug"), Map.of("X-Env", "prod"),
                Map.of("X-More", "1")));
        RequestParser request = Requests.parse("GET / HTTP/1.1^^Host: h^^x-debug: 1^^X-ENV: dev^^X-More: 0^^X-Deb: 1");
        String dropped = "";
        for (int i = 0; i < request.fields().count(); i++) {
            dropped += edits.drops(request.fields(), i) ? i + " " : "";
        }
        assertEquals("1 2 ", dropped);
        assertEquals("X-Env: prod\r\nX-More: 1\r\n", new String(edits.added(), StandardCharsets.UTF_8));
        assertFalse(edits.setsHost());
        assertTrue(new HeaderEdits(new HeaderRules(List.of(), Map.of("HOST", "inner"), Map.of())).setsHost());
    }

    private static Route.Redirect redirect(String path, String to) {
        return (Route.Redirect) Requests.compiled(Requests.match(null, path), new Action.Redirect(to, 301)).action();
    }

    private static Route.Split split(List<Share> shares, Optional<RequestKey> by) {
        return (Route.Split) Requests.compiled(Requests.match(null, null), new Action.Split(shares, by)).action();
    }

    private static int side(Route.Split split, RequestParser request) {
        String pool = split.choose(Requests.routed(request));
        return pool.charAt(1) - '1';
    }
}
