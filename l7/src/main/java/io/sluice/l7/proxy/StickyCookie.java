package io.sluice.l7.proxy;

import io.sluice.config.HttpPoolConfig;
import io.sluice.config.HttpPoolConfig.Sticky.Secret;
import io.sluice.core.pool.PoolPlan;
import io.sluice.core.pool.Server;
import io.sluice.l7.http.HeaderFields;
import io.sluice.l7.http.KnownField;
import io.sluice.l7.route.Pairs;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cookie that keeps a client on its server. Its value is a keyed hash of the server's name: it reveals nothing
 * about the server, and stays valid across restarts and on every host with the same key. The tables are indexed by
 * {@link Server#index}, which may have gaps. Owned by one event loop.
 */
final class StickyCookie {

    /** Used if the operator gives no secret; cookie values are then opaque, but anyone can compute them. */
    private static final String BUILT_IN_SECRET = "sluice sticky cookie";
    private static final int VALUE_BYTES = 16;

    private final byte[] name;
    private final Server[] servers;
    private final byte[][] values;
    private final byte[][] setCookies;
    private final Pairs.Range found = new Pairs.Range();

    StickyCookie(HttpPoolConfig.Sticky config, PoolPlan plan) {
        name = Ascii.bytes(config.cookie());
        int slots = plan.servers().stream().mapToInt(Server::index).max().orElseThrow() + 1;
        servers = new Server[slots];
        values = new byte[slots][];
        setCookies = new byte[slots][];
        String attributes = attributes(config);
        for (Server server : plan.servers()) {
            String named = plan.pool().name() + '/' + server.name();
            String value = value(config.secret().map(Secret::key).orElse(BUILT_IN_SECRET), named);
            servers[server.index()] = server;
            values[server.index()] = Ascii.bytes(value);
            setCookies[server.index()] = Ascii.bytes(config.cookie() + '=' + value + attributes);
        }
    }

    /** The server that the request's cookie names, or null. */
    Server serverOf(HeaderFields fields) {
        int index = fields.find(KnownField.COOKIE);
        for (; index != HeaderFields.NONE; index = fields.findNext(KnownField.COOKIE, index)) {
            int from = fields.valueOffset(index);
            Server server = Pairs.find(name, fields.bytes(), from, from + fields.valueLength(index), ';', found)
                    ? serverOfValue(fields.bytes()) : null;
            if (server != null) {
                return server;
            }
        }
        return null;
    }

    /**
     * The value of the Set-Cookie field that pins a client to the server. Null if the server joined the pool after this
     * was made: the client then gets its cookie with the next request.
     */
    byte[] setCookie(Server server) {
        int index = server.index();
        return index < servers.length && servers[index] == server ? setCookies[index] : null;
    }

    private Server serverOfValue(byte[] bytes) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null && Arrays.equals(bytes, found.from, found.to, values[i], 0, values[i].length)) {
                return servers[i];
            }
        }
        return null;
    }

    private static String attributes(HttpPoolConfig.Sticky config) {
        StringBuilder attributes = new StringBuilder("; Path=/");
        config.maxAge().ifPresent(maxAge -> attributes.append("; Max-Age=").append(maxAge.toSeconds()));
        if (config.secure()) {
            attributes.append("; Secure");
        }
        if (config.httpOnly()) {
            attributes.append("; HttpOnly");
        }
        if (!config.sameSite().isEmpty()) {
            attributes.append("; SameSite=").append(config.sameSite());
        }
        return attributes.toString();
    }

    private static String value(String secret, String server) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] hash = mac.doFinal(server.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, VALUE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
