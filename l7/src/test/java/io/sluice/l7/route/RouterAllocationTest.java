package io.sluice.l7.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.sluice.config.Cidr;
import io.sluice.config.RequestKey;
import io.sluice.config.RouteConfig;
import io.sluice.config.RouteConfig.Action;
import io.sluice.config.RouteConfig.Match;
import io.sluice.config.RouteConfig.Share;
import io.sluice.core.stats.Allocation;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Matching, choosing a side and rewriting allocate nothing. */
class RouterAllocationTest {

    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 20_000;

    private final RoutedRequest request = new RoutedRequest(Requests.parse("GET /api/orders/7?v=2&w=3 HTTP/1.1^^"
            + "Host: A.Shop.example:80^^X-Beta: yes^^Cookie: a=1; uid=42"), true);

    @Test
    void allocatesNothing() {
        Match demanding = new Match(List.of("*.shop.example"), List.of("/api/**"), List.of(".json", "/7"),
                List.of("PUT", "GET"), Map.of("X-Beta", "yes"), Map.of("v", "2"), Map.of("uid", "42"),
                List.of(new Cidr(InetAddress.ofLiteral("192.0.2.0"), 24)));
        Action split = new Action.Split(List.of(new Share("one", 9_950), new Share("two", 50)),
                Optional.of(new RequestKey(RequestKey.Part.COOKIE, "uid")));
        RouteConfig route = new RouteConfig("r", demanding, split, new RouteConfig.Rewrite("/api", "/v2"),
                RouteConfig.HeaderRules.NONE, RouteConfig.HeaderRules.NONE, Optional.empty(), RouteConfig.Limits.NONE,
                RouteConfig.Timeouts.NONE);
        Router router = new Router(List.of(Requests.toPool("other", Requests.match("a.shop.example", "/x/*")), route));
        run(router, WARM_UP);
        long allocated = Allocation.by(() -> run(router, MEASURED));
        assertEquals(0, allocated / MEASURED, () -> allocated + " bytes in " + MEASURED + " rounds");
    }

    private void run(Router router, int rounds) {
        for (int round = 0; round < rounds; round++) {
            request.take(Requests.CLIENT);
            Route route = router.match(request);
            Route.Split split = (Route.Split) route.action();
            assertNotNull(split.choose(request));
            request.path().rewrite(route.rewrite());
            assertEquals(12, request.path().length());
        }
    }
}
