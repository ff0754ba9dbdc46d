package io.sluice.l7.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.config.RouteConfig;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewriteTest {

    @ParameterizedTest
    @CsvSource({
        "/api, '', /api/orders, /orders",
        "/api, '', /api/, /",
        "/api, '', /api, /",
        "/api/, '', /api/orders, /orders",
        "/api/, '', /api, /",
        "/%7eme, '', /~me/x, /x",
        "/api, /v2, /api/orders, /v2/orders",
        "/api, /v2/, /api, /v2",
        "/api, /v2, /other, /v2/other",
        "'', /v2, /, /v2/",
        "'', /v2/, /x, /v2/x",
        "'', /v2, /ab, /v2/ab",
        "/, /, /x, unchanged",
        "/api, '', /apix, unchanged",
        "/api, '', /ap, unchanged",
        "/api, '', /API/x, unchanged",
        "'', '', /x, unchanged",
        "'', /v2, *, unchanged",
    })
    void takesOnePrefixOffAndPutsTheOtherBefore(String strip, String add, String path, String expected) {
        Rewrite rewrite = new Rewrite(new RouteConfig.Rewrite(strip, add));
        // Behind the path "/ap" is what would make it "/api/".
        byte[] source = Requests.bytes("<" + path + "i/");
        byte[] target = new byte[path.length() + rewrite.mostGrowth()];
        int length = rewrite.apply(source, 1, path.length(), target);
        assertEquals(expected, length == Rewrite.UNCHANGED
                ? "unchanged" : new String(target, 0, length, StandardCharsets.UTF_8));
    }
}
