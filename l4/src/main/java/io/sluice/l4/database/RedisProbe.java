package io.sluice.l4.database;

import io.sluice.config.HealthCheckConfig.Redis;
import io.sluice.config.LoginConfig.Question;
import io.sluice.config.LoginConfig.Tls;
import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.core.health.Finding;
import io.sluice.core.pool.Role;
import io.sluice.l4.database.RedisConnection.ErrorReply;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Checks a Redis server: {@code PING}, which fails while it loads its data, and {@code ROLE}. See
 * {@code config/DATABASES.md}. Owned by one virtual thread.
 */
public final class RedisProbe extends LoginProbe<RedisConnection> {

    /**
     * Seconds since a replica last heard from its primary, or lost the link; neither is there if it never had a link.
     */
    private static final Pattern LAST_HEARD =
            Pattern.compile("(?m)^master_(?:last_io_seconds_ago|link_down_since_seconds):(\\d{1,9})\\s*$");
    private static final String LINK_UP = "connected";

    /** By the first word of the error. {@code config/DATABASES.md} has the same table. */
    static final Map<String, Reason> BY_CODE = Map.of(
            "WRONGPASS", Reason.WRONG_PASSWORD,
            "NOAUTH", Reason.PASSWORD_MISSING,
            "NOPERM", Reason.RIGHT_MISSING,
            "DENIED", Reason.NOT_ADMITTED,
            "LOADING", Reason.STARTING_OR_STOPPING,
            "BUSY", Reason.SERVER_ERROR);

    private final Lag lag;

    /** @param lag of the server if it is a replica */
    public RedisProbe(PoolConfig pool, ServerConfig server, Redis check, Lag lag) {
        super(pool, server, check);
        this.lag = lag;
    }

    @Override
    RedisConnection logIn(Dialer dialer) throws IOException {
        String password = password();
        Socket socket = dialer.connect();
        try {
            RedisConnection connection = new RedisConnection(
                    login().tls().mode() == Tls.Mode.DISABLE ? socket : secured(dialer.secure(socket)));
            if (login().password().isPresent()) {
                authenticate(connection, password);
            }
            greet(connection);
            return connection;
        } catch (SSLException e) {
            throw connectionFailure(e);
        }
    }

    private static SSLSocket secured(SSLSocket socket) throws IOException {
        socket.startHandshake();
        return socket;
    }

    private void authenticate(RedisConnection connection, String password) throws IOException {
        if (login().user().isPresent()) {
            connection.add("AUTH", login().user().get(), password);
        } else {
            connection.add("AUTH", password);
        }
        connection.flush();
        if (connection.reply() instanceof ErrorReply error) {
            // Before Redis 6 an AUTH that fails is an ERR like any other.
            throw error.code().equals("ERR") && !isFull(error)
                    ? new CheckFailedException(Reason.WRONG_PASSWORD, error.text()) : failure(error);
        }
    }

    /** A client that is not admitted is told so in answer to its first command, whatever that is. */
    private static void greet(RedisConnection connection) throws IOException {
        connection.add("PING");
        connection.flush();
        if (connection.reply() instanceof ErrorReply error && (isFull(error) || error.code().equals("DENIED"))) {
            throw failure(error);
        }
    }

    @Override
    Finding ask(RedisConnection connection) throws IOException {
        Optional<Question> question = login().question();
        connection.add("PING");
        connection.add("ROLE");
        question.ifPresent(own -> connection.add(own.query().strip().split("\\s+")));
        connection.flush();
        Object ping = connection.reply();
        Object role = connection.reply();
        Object answer = question.isPresent() ? connection.reply() : "";
        // A replica that must not serve stale data answers so while its link is down. It works, but cannot be used.
        boolean isUseless = ping instanceof ErrorReply error && error.code().equals("MASTERDOWN");
        if (!isUseless) {
            good(ping);
        }
        Finding finding = judge(good(role), isUseless, connection);
        if (question.isPresent()) {
            judge(question.get(), answer);
        }
        return finding;
    }

    private Finding judge(Object role, boolean isUseless, RedisConnection connection) throws IOException {
        if (!(role instanceof List<?> words) || words.isEmpty()) {
            throw new CheckFailedException(Reason.OTHER_PROTOCOL, "no answer to ROLE");
        }
        if (words.getFirst().equals("master")) {
            lag.forget();
            return new Finding(Role.PRIMARY, 0, "");
        }
        if (!words.getFirst().equals("slave") || words.size() < 4) {
            throw new CheckFailedException(Reason.OTHER_PROTOCOL, "its role is " + words.getFirst());
        }
        if (LINK_UP.equals(words.get(3))) {
            return lag.judge(lag.matters() ? lastHeard(connection) : Optional.empty(), "");
        }
        String cause = "its link to " + words.get(1) + ':' + words.get(2) + " is in state " + words.get(3);
        // A replica that has had no link since its start may have no data at all.
        Optional<Duration> lastHeard = isUseless ? Optional.empty() : lastHeard(connection);
        return lastHeard.isEmpty() ? new Finding(Role.NONE, 0, cause) : lag.judge(lastHeard, cause);
    }

    /** How long ago a replica last heard from its primary; empty if it never has, or if the account may not ask. */
    private Optional<Duration> lastHeard(RedisConnection connection) throws IOException {
        connection.add("INFO", "replication");
        connection.flush();
        Object reply = connection.reply();
        Object replication = lag.matters() ? good(reply) : reply;
        Matcher heard = LAST_HEARD.matcher(String.valueOf(replication));
        return heard.find() ? Optional.of(Duration.ofSeconds(Long.parseLong(heard.group(1)))) : Optional.empty();
    }

    private static void judge(Question question, Object answer) throws CheckFailedException {
        if (answer instanceof ErrorReply error) {
            throw new CheckFailedException(Reason.QUERY_FAILED, error.text());
        }
        Object first = answer instanceof List<?> list ? list.isEmpty() ? null : list.getFirst() : answer;
        OwnQuery.judge(question, first == null ? null : first.toString());
    }

    private static Object good(Object reply) throws CheckFailedException {
        if (reply instanceof ErrorReply error) {
            throw failure(error);
        }
        return reply;
    }

    private static CheckFailedException failure(ErrorReply error) {
        Reason reason = isFull(error)
                ? Reason.TOO_MANY_CONNECTIONS : BY_CODE.getOrDefault(error.code(), Reason.SERVER_ERROR);
        return new CheckFailedException(reason, error.text());
    }

    /** This error has no code of its own. */
    private static boolean isFull(ErrorReply error) {
        return error.text().equals("ERR max number of clients reached");
    }

    @Override
    boolean isLost(RedisConnection connection) {
        return connection.isLost();
    }
}
