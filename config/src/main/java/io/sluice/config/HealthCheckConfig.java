package io.sluice.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How to check whether a server works. Immutable. */
public sealed interface HealthCheckConfig
        permits HealthCheckConfig.Tcp, HealthCheckConfig.Http, HealthCheckConfig.Database {

    /** When to check, and how many equal results in a row change the state. */
    Schedule schedule();

    /** Up when a TCP connection is accepted. @param port as of {@link Http} */
    record Tcp(Schedule schedule, Optional<Integer> port) implements HealthCheckConfig {
        public Tcp {
            checkPort(port);
        }
    }

    /**
     * Up when a request is answered as expected. Redirects are not followed.
     *
     * @param port         to ask in place of the server's own, without the pool's TLS and PROXY protocol; empty: the
     *                     server's own
     * @param host         the Host field; empty: the server's address
     * @param statuses     ranges of status codes that are good, at least one
     * @param bodyContains what the first 64 KiB of the body must contain; empty: anything
     */
    record Http(Schedule schedule, Optional<Integer> port, String method, String path, Optional<String> host,
                List<StatusRange> statuses, Optional<String> bodyContains) implements HealthCheckConfig {
        public Http {
            checkPort(port);
            statuses = List.copyOf(statuses);
            Checks.that(path.startsWith("/"), "path must begin with a slash");
            Checks.notEmpty("status", statuses);
        }
    }

    private static void checkPort(Optional<Integer> port) {
        port.ifPresent(number -> Checks.inRange("port", number, 1, Endpoint.MAX_PORT));
    }

    /** Up when the check can log in and gets an answer, which also says whether the server is primary or replica. */
    sealed interface Database extends HealthCheckConfig permits Postgres, MySql, Redis {

        LoginConfig login();
    }

    /** PostgreSQL and servers that speak its protocol. */
    record Postgres(Schedule schedule, LoginConfig login, String database) implements Database { }

    /**
     * MySQL, MariaDB and Galera.
     *
     * @param database the default database of the check's session; empty: none
     */
    record MySql(Schedule schedule, LoginConfig login, Optional<String> database) implements Database { }

    /** Redis and servers that speak its protocol. */
    record Redis(Schedule schedule, LoginConfig login) implements Database {
        public Redis {
            Checks.that(login.tls().mode() != LoginConfig.Tls.Mode.PREFER,
                    "tls.mode must not be prefer: Redis servers do not say whether they have TLS");
        }
    }

    /** Status codes from one to another, both included. */
    record StatusRange(int first, int last) {
        public StatusRange {
            Checks.inRange("status", first, 100, 599);
            Checks.inRange("status", last, first, 599);
        }
    }

    /**
     * When checks run and how many in a row count. Semantics as HAProxy's {@code inter, fastinter, downinter,
     * rise, fall}.
     *
     * @param interval     between checks of a server in a settled up state
     * @param fastInterval between checks while a change of state is under way
     * @param downInterval between checks of a server that is down
     * @param timeout      for one whole check
     * @param rise         good checks in a row that make a down server up
     * @param fall         bad checks in a row that make an up server down
     */
    record Schedule(
            Duration interval, Duration fastInterval, Duration downInterval, Duration timeout, int rise, int fall) {
        public Schedule {
            Checks.positive("interval", interval);
            Checks.positive("fast-interval", fastInterval);
            Checks.positive("down-interval", downInterval);
            Checks.positive("timeout", timeout);
            Checks.inRange("rise", rise, 1, 1000);
            Checks.inRange("fall", fall, 1, 1000);
        }
    }
}
