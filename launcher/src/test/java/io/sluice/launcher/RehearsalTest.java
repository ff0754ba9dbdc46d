package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigParser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RehearsalTest {

    private static final int REQUESTS = 20;
    private static final int CONNECTIONS = 5;
    private static final int REQUESTS_OF_A_KIND = REQUESTS + 2 * CONNECTIONS;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final String TCP = "  - { name: db, bind: '127.0.0.1:1', protocol: tcp, pool: none }\n";
    private static final String HTTP = "  - { name: web, bind: '127.0.0.1:2', protocol: http, pool: none }\n";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(Rehearsal.class);
    }

    @Test
    void rehearsesForEachKindOfListener() throws Exception {
        assertEquals(REQUESTS_OF_A_KIND, rehearsal(LONGEST).perform(config(TCP)));
        assertEquals(REQUESTS_OF_A_KIND, rehearsal(LONGEST).perform(config(HTTP)));
        assertEquals(2 * REQUESTS_OF_A_KIND, rehearsal(LONGEST).perform(config(TCP + HTTP)));
    }

    @Test
    void endsWhenItsTimeIsOver() throws Exception {
        assertEquals(0, rehearsal(Duration.ZERO).perform(config(TCP + HTTP)));
        assertEquals(List.of(Level.INFO), logged());
    }

    /** A configuration that is none stands for anything unexpected. */
    @Test
    void onlyLogsThatItHasFailed() throws Exception {
        assertEquals(0, rehearsal(LONGEST).perform(null));
        assertEquals(List.of(Level.WARN), logged());
    }

    private List<Level> logged() {
        return log.list.stream().map(ILoggingEvent::getLevel).toList();
    }

    @Test
    void leavesNothingBehind() throws Exception {
        Logger all = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level level = all.getLevel();

        rehearsal(LONGEST).perform(config(TCP));

        assertEquals(level, all.getLevel());
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("rehearsal")));
    }

    private static Rehearsal rehearsal(Duration longest) {
        return new Rehearsal(REQUESTS, CONNECTIONS, longest);
    }

    private static SluiceConfig config(String listeners) throws Exception {
        return ConfigParser.load("listeners:\n" + listeners
                + "pools: { none: { servers: [{ name: none, address: '127.0.0.1:3' }] } }\n", "test", Path.of(""))
                .config();
    }
}
