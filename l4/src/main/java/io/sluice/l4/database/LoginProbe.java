package io.sluice.l4.database;

import io.sluice.config.HealthCheckConfig.Database;
import io.sluice.config.LoginConfig;
import io.sluice.config.LoginConfig.Secret;
import io.sluice.config.LoginConfig.Tls;
import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.core.health.Finding;
import io.sluice.core.health.Probe;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that a server lets a check log in and answers it. The session is kept from check to check; if it breaks in
 * between, the next check comes at once. A check whose session has broken tries a new one before it fails, as a session
 * may end although the server works. Where a server may block this host, the session is renewed now and then.
 *
 * <p>A server that is full counts as working and keeps its role, so that its sessions are not cut.
 *
 * <p>Owned by one virtual thread.
 *
 * @param <S> the session; closing it ends it in good order, or does nothing if it is lost
 */
abstract sealed class LoginProbe<S extends AutoCloseable> implements Probe
        permits PostgresProbe, MySqlProbe, RedisProbe {

    /** Good checks from one login to the next, where sessions are renewed. */
    static final int CHECKS_PER_LOGIN = 30;

    private static final Logger LOG = LoggerFactory.getLogger(LoginProbe.class);

    private final PoolConfig pool;
    private final ServerConfig server;
    private final LoginConfig login;
    private final Dialer.Securing tls;
    private Kept<S> kept;
    private int goodChecks;
    /** Whether the last check has failed. */
    private boolean failed;
    /** Reasons of failures since the last good check, which are not logged again. */
    private final Set<Reason> told = EnumSet.noneOf(Reason.class);
    private boolean hinted;

    /** A session, with its connection and the address that this leads to. */
    private record Kept<S>(S session, BoundedSocket socket, InetSocketAddress address) { }

    LoginProbe(PoolConfig pool, ServerConfig server, Database check) {
        this.pool = pool;
        this.server = server;
        login = check.login();
        tls = plain -> CheckTls.over(plain, login.tls(), server.address().host());
    }

    /** For a check that always uses TLS, by a way of its own. */
    LoginProbe(PoolConfig pool, ServerConfig server, Database check, Dialer.Securing tls) {
        this.pool = pool;
        this.server = server;
        this.tls = tls;
        login = check.login().with(new Tls(Tls.Mode.REQUIRE, Optional.empty()));
    }

    /** Opens a session over connections of the dialer. */
    abstract S logIn(Dialer dialer) throws IOException;

    /**
     * Makes the queries of a check.
     *
     * @throws IOException a {@link CheckFailedException} if the server has answered
     */
    abstract Finding ask(S session) throws IOException;

    /** Whether a session cannot be used any more. */
    abstract boolean isLost(S session);

    /** Whether a server may block this host, which sessions do not notice. Successful logins keep it from that. */
    boolean mayBlockHost() {
        return false;
    }

    /** As {@link #logIn}, but without trying what the server did not offer then. */
    S logInAgain(Dialer dialer) throws IOException {
        return logIn(dialer);
    }

    final LoginConfig login() {
        return login;
    }

    /** The password as it is now; empty if there is none. */
    final String password() throws CheckFailedException {
        if (login.password().isEmpty()) {
            return "";
        }
        Secret secret = login.password().get();
        try {
            return secret.read();
        } catch (IOException e) {
            throw new CheckFailedException(Reason.PASSWORD_UNREADABLE, e.getMessage(), e);
        }
    }

    /** The server by its name in logs. */
    final String name() {
        return pool.name() + '/' + server.name();
    }

    @Override
    public final Finding check(InetSocketAddress address, Duration timeout) throws IOException {
        try (Deadline deadline = Deadline.in(timeout)) {
            Finding finding = kept == null ? askAnew(address, deadline, timeout) : askKept(address, deadline, timeout);
            if (mayBlockHost() && ++goodChecks % CHECKS_PER_LOGIN == 0) {
                renew(address, deadline);
            }
            failed = false;
            told.clear();
            return finding;
        } catch (CheckFailedException e) {
            tell(e);
            if (e.reason().lastsForASession()) {
                close();
            }
            if (e.reason() != Reason.TOO_MANY_CONNECTIONS) {
                failed = true;
                throw e;
            }
            return new Finding(null, 0, e.getMessage());
        } catch (IOException e) {
            failed = true;
            throw e instanceof SocketException broken && isReset(broken)
                    ? new IOException("the server has reset the connection", e) : e;
        } catch (RuntimeException e) {
            // The driver has failed unexpectedly, so its session cannot be trusted any more.
            close();
            throw e;
        } catch (OutOfMemoryError e) {
            // Drivers make room for what a server announces before any of it has come.
            close();
            failed = true;
            throw new IOException("the server announces more than there is memory for", e);
        }
    }

    /** Only its words tell a reset from a failure of this host or of the network. */
    private static boolean isReset(SocketException broken) {
        String words = String.valueOf(broken.getMessage());
        return words.startsWith("Connection reset") || words.equals("Broken pipe");
    }

    private Finding askKept(InetSocketAddress address, Deadline deadline, Duration timeout) throws IOException {
        deadline.guard(kept.socket());
        kept.socket().refill();
        if (kept.address().equals(address)) {
            try {
                return ask(kept.session());
            } catch (IOException e) {
                if (deadline.hasPassed()) {
                    close();
                    throw late("no answer", timeout, e);
                }
                if (!isLost(kept.session())) {
                    throw e;
                }
                LOG.debug("server {}: the session of its health check is lost", name(), e);
            }
        }
        close();
        return askAnew(address, deadline, timeout);
    }

    private Finding askAnew(InetSocketAddress address, Deadline deadline, Duration timeout) throws IOException {
        Dialer dialer = new Dialer(pool, tls, address, deadline);
        try {
            S session = ScopedValue.where(Dialer.CURRENT, dialer).call(() -> logIn(dialer));
            kept = new Kept<>(session, dialer.socket(), address);
            return ask(session);
        } catch (IOException e) {
            if (deadline.hasPassed()) {
                throw late(kept == null ? dialer.awaited() : "no answer", timeout, e);
            }
            throw dialer.failure() == null ? e : dialer.failure();
        } finally {
            if (kept == null) {
                dialer.close();
            } else if (deadline.hasPassed() || isLost(kept.session())) {
                close();
            }
        }
    }

    /**
     * Replaces the session by a new one. If there is none to be had, the old one stays, with which the server has just
     * proved to work, unless this host is blocked: then the server works for nobody here.
     */
    private void renew(InetSocketAddress address, Deadline deadline) throws CheckFailedException {
        Dialer dialer = new Dialer(pool, tls, address, deadline);
        S session = null;
        try {
            session = ScopedValue.where(Dialer.CURRENT, dialer).call(() -> logInAgain(dialer));
            close();
            kept = new Kept<>(session, dialer.socket(), address);
        } catch (IOException e) {
            if (e instanceof CheckFailedException refusal && refusal.reason() == Reason.HOST_BLOCKED) {
                close();
                throw refusal;
            }
            LOG.debug("server {}: the session of its health check is not renewed", name(), e);
        } finally {
            if (session == null) {
                dialer.close();
            }
        }
    }

    private static IOException late(String what, Duration timeout, IOException cause) {
        return new IOException(what + " within " + timeout.toMillis() + " ms", cause);
    }

    /**
     * Logs a new reason of a server that has failed before: the log line of its change to DOWN has the first reason
     * only. Also logs that a server is full, which is no failure.
     */
    private void tell(CheckFailedException failure) {
        boolean isNew = told.add(failure.reason());
        if (failure.reason() == Reason.TOO_MANY_CONNECTIONS && isNew) {
            LOG.warn("server {}: {}; its health check cannot look further, the server keeps its role", name(),
                    failure.getMessage());
        } else if (failed && isNew) {
            LOG.warn("server {}: its health check now fails because of this: {}", name(), failure.getMessage());
        }
    }

    @Override
    public final void pause(Duration length) throws InterruptedException {
        // Not twice in a row: a server that sends something after each check would be checked all the time.
        if (kept == null || hinted) {
            hinted = false;
            Thread.sleep(length);
        } else {
            hinted = awaitInput(kept.socket().getChannel(), length);
        }
    }

    /**
     * Waits for input. Between checks a server sends nothing but the end of the session. Returns whether something
     * came.
     */
    private static boolean awaitInput(SocketChannel channel, Duration atMost) throws InterruptedException {
        boolean ready;
        try {
            try (Selector selector = Selector.open()) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
                ready = selector.select(Math.max(1, atMost.toMillis())) > 0;
            }
            channel.configureBlocking(true);
        } catch (IOException e) {
            LOG.debug("the session of a health check is lost", e);
            ready = true;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return ready;
    }

    @Override
    public final void close() {
        if (kept != null) {
            closeQuietly(kept.session());
            closeQuietly(kept.socket());
            kept = null;
        }
    }

    /** Closes, and only logs a failure. */
    static void closeQuietly(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            LOG.debug("the session of a health check did not end cleanly", e);
        }
    }

    /** The failure of the connection that caused a driver's failure; null if the server's answer caused it. */
    static IOException connectionFailure(Throwable failure) {
        IOException found = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return new CheckFailedException(Reason.CERTIFICATE_NOT_TRUSTED, cause.getMessage(), failure);
            }
            if (cause instanceof IOException io) {
                found = io;
            }
        }
        return switch (found) {
            case SSLException tls -> new CheckFailedException(Reason.TLS_FAILED, tls.getMessage(), failure);
            case EOFException _ -> new IOException("the server has closed the connection", failure);
            case null, default -> found;
        };
    }
}
