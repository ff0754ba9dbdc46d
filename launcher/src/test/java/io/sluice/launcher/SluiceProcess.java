package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged program in a process of its own, with all it prints. Safe from any thread. */
public final class SluiceProcess implements AutoCloseable {

    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    static final Path JAR = Path.of("target", "sluice.jar").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final StringBuffer out = new StringBuffer();
    private final StringBuffer err = new StringBuffer();
    private final Thread outReader;
    private final Thread errReader;

    private SluiceProcess(ProcessBuilder builder) throws IOException {
        process = builder.start();
        outReader = Thread.ofVirtual().start(() -> copy(process.getInputStream(), out));
        errReader = Thread.ofVirtual().start(() -> copy(process.getErrorStream(), err));
    }

    static SluiceProcess start(String... arguments) throws IOException {
        return start(List.of(), arguments);
    }

    /** @param jvmOptions what the JVM gets beside the jar */
    public static SluiceProcess start(List<String> jvmOptions, String... arguments) throws IOException {
        return new SluiceProcess(new ProcessBuilder(command(jvmOptions, arguments)));
    }

    /** The same, with standard error in a file: processes that it starts write there, too, even when it has ended. */
    public static SluiceProcess start(Path standardError, List<String> jvmOptions, String... arguments)
            throws IOException {
        return new SluiceProcess(
                new ProcessBuilder(command(jvmOptions, arguments)).redirectError(standardError.toFile()));
    }

    /** Starts anything that ends up as Sluice. */
    static SluiceProcess start(ProcessBuilder builder) throws IOException {
        return new SluiceProcess(builder);
    }

    /** Runs with this configuration and returns once it accepts connections. */
    static SluiceProcess run(Path config) throws IOException {
        return start("run", "-f", config.toString()).awaitRunning();
    }

    static List<String> command(List<String> jvmOptions, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(JAVA.toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Waits for the lines that tell what listens and which pools there are. */
    public SluiceProcess awaitRunning() {
        awaitOutput(out, "\npool ");
        return this;
    }

    void awaitOut(String text) {
        awaitOutput(out, text);
    }

    void awaitErr(String text) {
        awaitOutput(err, text);
    }

    /** The address that a listener got. */
    public InetSocketAddress address(String listener) {
        Matcher line = Pattern.compile("listener " + listener + "  127\\.0\\.0\\.1:(\\d+) ").matcher(out);
        assertTrue(line.find(), this::toString);
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(line.group(1)));
    }

    /** The admin address that it got. */
    InetSocketAddress adminAddress() {
        Matcher line = Pattern.compile("admin  http://127\\.0\\.0\\.1:(\\d+)/").matcher(out);
        assertTrue(line.find(), this::toString);
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(line.group(1)));
    }

    String out() {
        return out.toString();
    }

    public String err() {
        return err.toString();
    }

    /** Sends a signal such as {@code HUP}. */
    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).inheritIO().start();
        assertEquals(0, kill.waitFor());
    }

    /** Whether it was started with this signal ignored, as shells do with INT for what runs in the background. */
    boolean ignores(int signalNumber) throws IOException {
        String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
        Matcher ignored = Pattern.compile("SigIgn:\\s*(\\p{XDigit}+)").matcher(status);
        assertTrue(ignored.find());
        return (Long.parseUnsignedLong(ignored.group(1), 16) >>> (signalNumber - 1) & 1) == 1;
    }

    /** Returns when it uses less than this share of one core: its compiler may still be busy with what was before. */
    void awaitCpuUseBelow(double share) {
        await("it keeps the processor busy").atMost(Duration.ofSeconds(40))
                .until(() -> cpuUse(Duration.ofSeconds(3)) < share);
    }

    private double cpuUse(Duration observed) throws InterruptedException {
        Duration before = process.info().totalCpuDuration().orElseThrow();
        Thread.sleep(observed);
        Duration used = process.info().totalCpuDuration().orElseThrow().minus(before);
        return (double) used.toNanos() / observed.toNanos();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Waits for the end and for all output. */
    public int awaitExit() throws InterruptedException {
        assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), this::toString);
        outReader.join();
        errReader.join();
        return process.exitValue();
    }

    /** Also ends what it has started and is not done with, such as a process that is to take over. */
    @Override
    public void close() {
        List<ProcessHandle> started = process.descendants().toList();
        process.destroyForcibly();
        process.onExit().join();
        started.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public String toString() {
        return "standard output:\n" + out + "\nstandard error:\n" + err;
    }

    private void awaitOutput(StringBuffer output, String text) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            if (output.indexOf(text) < 0 && !process.isAlive()) {
                throw new IllegalStateException("it has ended with " + process.exitValue() + "; " + this);
            }
            return output.indexOf(text) >= 0;
        });
    }

    private static void copy(InputStream from, StringBuffer to) {
        try (from) {
            byte[] chunk = new byte[8192];
            for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
                to.append(new String(chunk, 0, count, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
