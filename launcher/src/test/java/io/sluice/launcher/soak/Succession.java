package io.sluice.launcher.soak;

import io.sluice.launcher.SluiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The processes of a run, each of which takes over from the one before. For any thread; one upgrade at a time. */
final class Succession implements AutoCloseable {

    private static final List<String> OPTIONS = List.of("-ea", "-Xmx256m");
    private static final Pattern STARTED = Pattern.compile("upgrade: process (\\d+) has been started");
    private static final Pattern DONE = Pattern.compile("process (\\d+) accepts all clients");

    private final Path file;
    /** What all of them log. */
    private final Path log;
    private final SluiceProcess first;
    private volatile ProcessHandle last;
    private volatile boolean changes;
    private volatile int count = 1;
    private volatile boolean triedUpgrade;

    /** Returns when the first one serves. @param file the configuration of each at its start */
    Succession(Path file) throws IOException {
        this.file = file;
        log = file.resolveSibling("sluice.log");
        first = SluiceProcess.start(log, OPTIONS, "run", "-f", file.toString()).awaitRunning();
        last = first.handle();
    }

    /** Returns when the next one has taken over. @throws IOException if it has not, with the reason */
    void upgrade() throws IOException, InterruptedException {
        changes = true;
        try (SluiceProcess command = SluiceProcess.start(OPTIONS, "upgrade", "-f", file.toString())) {
            command.awaitExit();
            Matcher done = DONE.matcher(command.toString());
            if (!done.find()) {
                throw new IOException(command.toString());
            }
            last = handle(done).findAny().orElseThrow(() -> new IOException(done.group() + " and has ended"));
            count++;
        } finally {
            changes = false;
            triedUpgrade = true;
        }
    }

    /** How many there have been. */
    int count() {
        return count;
    }

    /** Whether an upgrade has come to its end, good or bad. */
    boolean hasTriedUpgrade() {
        return triedUpgrade;
    }

    /** Whether one serves. */
    boolean isAlive() {
        return changes || last.isAlive();
    }

    /** What they have logged. */
    String log() throws IOException {
        return Files.readString(log);
    }

    /** Ends the last one and waits until all have ended. @return what is wrong with that, for a reader */
    List<String> end(Duration atMost) throws IOException, InterruptedException {
        last.destroy();
        CompletableFuture.allOf(alive().stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, atMost.toSeconds(), TimeUnit.SECONDS).join();
        List<ProcessHandle> alive = alive();
        if (!alive.isEmpty()) {
            return alive.stream().map(process -> "it does not end: " + process.pid()).toList();
        }
        int exitCode = first.awaitExit();
        return exitCode == 0 ? List.of() : List.of("the first process has ended with " + exitCode);
    }

    private List<ProcessHandle> alive() throws IOException {
        return Stream.concat(Stream.of(first.handle()), STARTED.matcher(log()).results().flatMap(Succession::handle))
                .filter(ProcessHandle::isAlive).toList();
    }

    private static Stream<ProcessHandle> handle(MatchResult process) {
        return ProcessHandle.of(Long.parseLong(process.group(1))).stream();
    }

    @Override
    public void close() throws IOException {
        alive().forEach(ProcessHandle::destroyForcibly);
        first.close();
    }
}
