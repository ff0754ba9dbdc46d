package io.sluice.launcher.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The OpenAPI description of the API; served without a token. Safe from any thread. */
final class OpenApi {

    private OpenApi() { }

    static Route route() {
        Answer description = new Answer.Whole(200, "application/json", read(), Map.of());
        return Route.open("GET", "/api/v1/openapi.json", _ -> description);
    }

    private static byte[] read() {
        try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
