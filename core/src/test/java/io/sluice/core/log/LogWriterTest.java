package io.sluice.core.log;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.config.SessionLogConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogWriterTest {

    @TempDir
    private Path folder;
    private Path file;
    private LogWriter writer;

    @BeforeEach
    void makeWriter() {
        file = folder.resolve("sessions.log");
        writer = new LogWriter();
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void writesWhatIsPublished() throws IOException {
        LogRing<SessionRecord> ring = ring();
        writer.start();
        publish(ring, 1);
        await().atMost(20, SECONDS).until(() -> retriesIn(file).equals(List.of(1)));
    }

    @Test
    void writesAllThatWasPublishedBeforeItsClose() throws IOException {
        LogRing<SessionRecord> first = ring();
        LogRing<SessionRecord> second = ring();
        writer.start();
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            publish(i % 2 == 0 ? first : second, i);
            expected.add(i);
        }
        writer.close();
        List<Integer> written = retriesIn(file);
        assertEquals(1000, written.size());
        assertEquals(expected, written.stream().sorted().toList());
    }

    @Test
    void wakesUpFromSleep() throws IOException {
        LogRing<SessionRecord> ring = ring();
        writer.start();
        for (int i = 1; i <= 2; i++) {
            int written = i;
            await().atMost(20, SECONDS).until(LogWriterTest::writerSleeps);
            publish(ring, i);
            await().atMost(20, SECONDS).until(() -> retriesIn(file).size() == written);
        }
    }

    /** A writer that waits without a limit, rather than for its next look. */
    private static boolean writerSleeps() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("log-writer")
                        && thread.getState() == Thread.State.WAITING);
    }

    @Test
    void writesToANewFileAfterARotation() throws IOException {
        Path rotated = folder.resolve("sessions.log.1");
        LogRing<SessionRecord> ring = ring();
        writer.start();
        publish(ring, 1);
        await().atMost(20, SECONDS).until(() -> retriesIn(file).equals(List.of(1)));
        Files.move(file, rotated);
        publish(ring, 2);
        await().atMost(20, SECONDS).until(() -> retriesIn(rotated).equals(List.of(1, 2)));
        writer.reopen();
        await().atMost(20, SECONDS).until(() -> Files.exists(file));
        publish(ring, 3);
        writer.close();
        assertEquals(List.of(1, 2), retriesIn(rotated));
        assertEquals(List.of(3), retriesIn(file));
    }

    /** A reload would wait for who reads it, and the drain for the reload. */
    @Test
    void doesNotWaitForWhoReadsANamedPipe() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).inheritIO().start().waitFor());
        FutureTask<LogRing<SessionRecord>> opening = new FutureTask<>(this::ring);
        Thread.ofPlatform().daemon().start(opening);
        try {
            opening.get(20, SECONDS);
        } finally {
            // Frees a thread that waits for it.
            new RandomAccessFile(file.toFile(), "rw").close();
        }
        writer.start();
        publish(opening.get(), 7);
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String line = reader.readLine();
            assertTrue(line.endsWith(" 7"), line);
        }
    }

    @Test
    void keepsForTheNextFileWhatNobodyReadsFromAPipe() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).inheritIO().start().waitFor());
        LogRing<SessionRecord> ring = ring();
        writer.start();
        publish(ring, 1);
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            assertTrue(reader.readLine().endsWith(" 1"));
        }
        // More than a pipe holds.
        List<Integer> further = IntStream.range(0, 2000).boxed().toList();
        further.forEach(number -> publish(ring, number));
        Files.delete(file);
        writer.reopen();
        await().atMost(20, SECONDS).ignoreExceptions().until(() -> retriesIn(file).equals(further));
    }

    @Test
    void reopensFromSleep() throws IOException {
        ring();
        writer.start();
        await().atMost(20, SECONDS).until(LogWriterTest::writerSleeps);
        Files.delete(file);
        writer.reopen();
        await().atMost(20, SECONDS).until(() -> Files.exists(file));
    }

    @Test
    void keepsTheFileIfItCannotBeReopened() throws IOException {
        Path moved = folder.resolve("moved");
        LogRing<SessionRecord> ring = ring();
        writer.start();
        Files.move(file, moved);
        Files.createDirectory(file);
        writer.reopen();
        publish(ring, 1);
        writer.close();
        assertEquals(List.of(1), retriesIn(moved));
    }

    @Test
    void appendsToAFileThatExists() throws IOException {
        Files.writeString(file, "before\n");
        LogRing<SessionRecord> ring = ring();
        writer.start();
        publish(ring, 1);
        writer.close();
        assertEquals("before", Files.readAllLines(file).getFirst());
        assertEquals(2, Files.readAllLines(file).size());
    }

    @Test
    void sharesOneSinkAmongEqualConfigurations() throws IOException {
        ring();
        ring();
        assertEquals(1, writer.targets());
    }

    @Test
    void closesATargetWhoseRingsAreAllRetiredOnceTheirRecordsAreWritten() throws IOException {
        LogRing<SessionRecord> first = ring();
        LogRing<SessionRecord> second = ring();
        publish(first, 1);
        first.retire();
        writer.start();
        await().atMost(20, SECONDS).until(() -> retriesIn(file).equals(List.of(1)));
        publish(second, 2);
        second.retire();
        await().atMost(20, SECONDS).until(() -> writer.targets() == 0);
        assertEquals(List.of(1, 2), retriesIn(file));
        LogRing<SessionRecord> third = ring();
        publish(third, 3);
        writer.close();
        assertEquals(List.of(1, 2, 3), retriesIn(file));
    }

    /** As standard output can be, and a pipe to a program that has stopped. */
    @Test
    void doesNotWaitForEverForATargetThatNobodyReads() throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "rw")) {
            LogRing<SessionRecord> ring = ring();
            for (int i = 0; i < 4096; i++) {
                publish(ring, i);
            }
            writer.start();
            writer.close(Duration.ofMillis(10));
            assertTrue(reader.getFD().valid());
        }
    }

    @Test
    void writesOtherTargetsWhileOneTakesNothing() throws Exception {
        Path stuck = folder.resolve("stuck");
        assertEquals(0, new ProcessBuilder("mkfifo", stuck.toString()).start().waitFor());
        try (RandomAccessFile reader = new RandomAccessFile(stuck.toFile(), "rw")) {
            LogRing<SessionRecord> other = writer.sessionRing(config(stuck, SessionLogConfig.Format.TEXT));
            for (int i = 0; i < 4096; i++) {
                publish(other, i);
            }
            LogRing<SessionRecord> ring = ring();
            writer.start();
            publish(ring, 1);
            await().atMost(20, SECONDS).until(() -> retriesIn(file).equals(List.of(1)));
            ring.retire();
            await().atMost(20, SECONDS).until(() -> writer.targets() == 1);
            writer.close(Duration.ofMillis(10));
            assertTrue(reader.getFD().valid());
        }
    }

    @Test
    void refusesAFileThatCannotBeOpened() throws IOException {
        Files.createDirectory(file);
        assertThrows(IOException.class, () -> writer.sessionRing(config(SessionLogConfig.Format.TEXT)));
    }

    @Test
    void writesJsonIfSoConfigured() throws IOException {
        LogRing<SessionRecord> ring = writer.sessionRing(config(SessionLogConfig.Format.JSON));
        writer.start();
        publish(ring, 7);
        writer.close();
        String line = Files.readAllLines(file).getFirst();
        assertTrue(line.startsWith("{\"start\":") && line.endsWith("\"retries\":7}"), line);
        assertFalse(line.contains("["));
    }

    private LogRing<SessionRecord> ring() throws IOException {
        return writer.sessionRing(config(SessionLogConfig.Format.TEXT));
    }

    private SessionLogConfig config(SessionLogConfig.Format format) {
        return config(file, format);
    }

    private static SessionLogConfig config(Path path, SessionLogConfig.Format format) {
        return new SessionLogConfig(SessionLogConfig.Target.FILE, Optional.of(path), format);
    }

    private static void publish(LogRing<SessionRecord> ring, int number) {
        ring.publish(Records.numbered(ring.claim(), number));
    }

    static List<Integer> retriesIn(Path path) throws IOException {
        return Files.readAllLines(path).stream()
                .map(line -> Integer.valueOf(line.substring(line.lastIndexOf(' ') + 1))).toList();
    }
}
