package io.sluice.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.core.linux.NotifySocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script finds a Java of the right version wherever it is called from, and starts the program. */
class ScriptIT {

    private static final Path SCRIPT = ShippedFiles.HOME.resolve("sluice");
    private static final List<String> TOOLS = List.of(
            "sh", "dirname", "readlink", "grep", "find", "cat", "sleep", "mv", "mktemp", "rm", "touch",
            "mkdir", "flock");

    @TempDir
    private Path directory;
    private Path tools;
    private Path jdks;

    /** A system that has the script's tools but no Java. */
    @BeforeEach
    void link() throws IOException {
        tools = Files.createDirectory(directory.resolve("tools"));
        jdks = Files.createDirectory(directory.resolve("jdks"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(tools.resolve(tool), onPath(tool));
        }
    }

    @Test
    void findsTheRightJdkAlthoughJavaHomeAndThePathLeadToAnotherOne() throws Exception {
        Path wrong = otherJdk("wrong");
        Files.createSymbolicLink(tools.resolve("javac"), wrong.resolve("bin/javac"));
        Files.createSymbolicLink(tools.resolve("java"), wrong.resolve("bin/java"));
        otherJdk("jdks/another");
        installRightJdk();
        ProcessBuilder builder = script(SCRIPT);
        builder.environment().put("JAVA_HOME", wrong.toString());
        assertTellsVersion(builder);
    }

    @Test
    void takesTheJdkInJavaHome() throws Exception {
        ProcessBuilder builder = script(SCRIPT);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        assertTellsVersion(builder);
    }

    @Test
    void saysInOneLineThatThereIsNoJava() throws Exception {
        otherJdk("jdks/another");
        try (SluiceProcess sluice = SluiceProcess.start(script(SCRIPT))) {
            assertEquals(ExitCode.CANNOT_START, sluice.awaitExit());
            assertEquals("sluice: Java 25 is needed: none in JAVA_HOME, on the PATH or in " + jdks + ".\n",
                    sluice.err());
        }
    }

    @Test
    void worksThroughASymbolicLinkFromAnotherDirectory() throws Exception {
        installRightJdk();
        Path link = Files.createSymbolicLink(directory.resolve("balance"), SCRIPT);
        assertTellsVersion(script(link).directory(directory.toFile()));
        assertTellsVersion(script(Path.of("./balance")).directory(directory.toFile()));
    }

    @Test
    void knowsWhereTheShippedConfigurationIs() throws Exception {
        installRightJdk();
        ProcessBuilder builder = script(SCRIPT).directory(directory.toFile());
        builder.command().set(1, "validate");
        try (SluiceProcess sluice = SluiceProcess.start(builder)) {
            assertEquals(ExitCode.OK, sluice.awaitExit(), sluice::toString);
            assertTrue(sluice.out().startsWith(ShippedFiles.HOME.resolve("config/sluice.yaml") + " is valid"),
                    sluice::out);
        }
    }

    @Test
    void startsWhatWasCopiedWithoutSourcesCompilerOrMaven() throws Exception {
        installRuntime();
        Path copy = copy();
        assertTellsVersion(script(copy.resolve("sluice")));
        assertEquals(Set.of("sluice.jar", "sluice.aot", "sluice.aot.trained", "start.lock"),
                names(copy.resolve("launcher/target")));
    }

    @Test
    void tellsAServiceManagerNothingWhileItMakesTheCache() throws Exception {
        installRuntime();
        Path copy = copy();
        try (NotifySocket manager = new NotifySocket(directory.resolve("notify").toString())) {
            ProcessBuilder builder = script(copy.resolve("sluice"));
            builder.environment().put("NOTIFY_SOCKET", manager.name());
            assertTellsVersion(builder);
            assertNull(manager.receive(Duration.ZERO));
        }
        assertTrue(Files.exists(copy.resolve("launcher/target/sluice.aot")));
    }

    @Test
    void makesTheCacheAnewOnlyForAnotherProgramOrJavaOrOtherSettings() throws Exception {
        Path runtime = installRuntime();
        Path copy = copy();
        Path cache = copy.resolve("launcher/target/sluice.aot");

        assertTellsVersion(script(copy.resolve("sluice")));
        Object first = identity(cache);
        assertTellsVersion(script(copy.resolve("sluice")));
        assertEquals(first, identity(cache));

        Files.setLastModifiedTime(copy.resolve("launcher/target/sluice.jar"), FileTime.from(Instant.EPOCH));
        assertTellsVersion(script(copy.resolve("sluice")));
        Object second = identity(cache);
        assertNotEquals(first, second, "the cache of a newer program was kept for an older one");

        Files.writeString(runtime.resolve("release"), "UPDATED=\"in place\"\n", StandardOpenOption.APPEND);
        assertTellsVersion(script(copy.resolve("sluice")));
        Object third = identity(cache);
        assertNotEquals(second, third, "the cache of another Java was kept");

        Path script = copy.resolve("sluice");
        Files.writeString(script, Files.readString(script).replace("-Xmn7m", "-Xmn8m"));
        assertTellsVersion(script(script));
        assertNotEquals(third, identity(cache), "the cache of another heap was kept");
    }

    @Test
    void leavesNothingBehindIfItEndsWhileItMakesTheCache() throws Exception {
        installRuntime();
        Path copy = copy();
        Process starting = script(copy.resolve("sluice")).start();
        try {
            await().until(() -> starting.children().anyMatch(ScriptIT::isJava));
            List<ProcessHandle> training = starting.children().filter(ScriptIT::isJava).toList();
            starting.destroy();
            assertEquals(143, starting.waitFor());
            await().until(() -> training.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            starting.destroyForcibly();
        }
        assertEquals(Set.of("sluice.jar", "start.lock"), names(copy.resolve("launcher/target")));
    }

    @Test
    void buildsOnceForStartsAtTheSameTime() throws Exception {
        installRightJdk();
        Path clone = cloneThatIsNotBuilt();
        ProcessBuilder builder = script(clone.resolve("sluice"));
        try (SluiceProcess first = SluiceProcess.start(builder)) {
            await().until(() -> Files.exists(clone.resolve("building")));
            try (SluiceProcess second = SluiceProcess.start(builder)) {
                second.awaitErr("waits for another start");
                Files.createFile(clone.resolve("go-on"));
                for (SluiceProcess each : List.of(first, second)) {
                    assertEquals(ExitCode.OK, each.awaitExit(), each::toString);
                    assertTrue(each.out().startsWith("Sluice "), each::toString);
                }
            }
        }
    }

    @Test
    void saysInOneLineThatNothingCanBeWrittenWhereItHasToBuild() throws Exception {
        installRightJdk();
        Path clone = cloneThatIsNotBuilt();
        Path target = Files.createFile(clone.resolve("launcher/target"));
        try (SluiceProcess sluice = SluiceProcess.start(script(clone.resolve("sluice")))) {
            assertEquals(ExitCode.CANNOT_START, sluice.awaitExit());
            assertEquals("sluice: it has to be built, by a user who may write into " + target + ".\n", sluice.err());
        }
    }

    /** Its Maven builds once the test lets it go on, and fails if it is called again. */
    private Path cloneThatIsNotBuilt() throws IOException {
        Path clone = directory.resolve("clone");
        Files.createDirectories(clone.resolve("launcher/src/main"));
        Files.copy(SCRIPT, clone.resolve("sluice"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(clone.resolve("pom.xml"));
        Files.createFile(clone.resolve("launcher/pom.xml"));
        Path maven = Files.writeString(tools.resolve("mvn"), """
                #!/bin/sh
                mkdir building || exit 1
                until [ -f go-on ]; do sleep 0.05; done
                cat "%s" >launcher/target/sluice.jar
                """.formatted(ShippedFiles.HOME.resolve("launcher/target/sluice.jar")));
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
        return clone;
    }

    @Test
    void startsWithoutACacheIfNoneCanBeMade() throws Exception {
        installRuntime();
        Path copy = copy();
        Files.delete(tools.resolve("mktemp"));
        Files.createSymbolicLink(tools.resolve("mktemp"), onPath("false"));
        assertTellsVersion(script(copy.resolve("sluice")));
        assertEquals(Set.of("sluice.jar", "start.lock"), names(copy.resolve("launcher/target")));
    }

    @Test
    void benchmarksRunInTheJavaThatMavenRunsIn() throws Exception {
        Path javaHome = Path.of(System.getProperty("java.home"));
        Files.createSymbolicLink(tools.resolve("java"), otherJdk("other").resolve("bin/java"));
        Path maven = Files.writeString(tools.resolve("mvn"), "#!/bin/sh\ncommand -v java\n");
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProcessBuilder builder = script(ShippedFiles.HOME.resolve("benchmarks/jmh/run"));
        builder.environment().put("JAVA_HOME", javaHome.toString());
        try (SluiceProcess run = SluiceProcess.start(builder)) {
            assertEquals(ExitCode.OK, run.awaitExit(), run::toString);
            assertEquals(javaHome.resolve("bin/java") + "\n", run.out());
        }
    }

    /** A Java without a compiler. */
    private Path installRuntime() throws IOException {
        Path java = Path.of(System.getProperty("java.home"));
        Path runtime = Files.createDirectories(jdks.resolve("runtime/bin")).getParent();
        Files.createSymbolicLink(runtime.resolve("bin/java"), java.resolve("bin/java"));
        Files.copy(java.resolve("release"), runtime.resolve("release"));
        return runtime;
    }

    /** The built program without its sources. */
    private Path copy() throws IOException {
        Path copy = directory.resolve("a copy");
        for (String file : List.of("sluice", "launcher/target/sluice.jar")) {
            Files.createDirectories(copy.resolve(file).getParent());
            Files.copy(ShippedFiles.HOME.resolve(file), copy.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        return copy;
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("java");
    }

    /** What another file has differently, even one made in the same moment. */
    private static Object identity(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino") + " " + Files.getLastModifiedTime(file);
    }

    private static Set<String> names(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private ProcessBuilder script(Path script) {
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "--version");
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("SLUICE_JVM_DIR", jdks.toString());
        return builder;
    }

    /** Also that nothing was built on the way: without Maven on the path that would fail. */
    private static void assertTellsVersion(ProcessBuilder builder) throws Exception {
        try (SluiceProcess sluice = SluiceProcess.start(builder)) {
            assertEquals(ExitCode.OK, sluice.awaitExit(), sluice::toString);
            assertTrue(sluice.out().startsWith("Sluice ") && sluice.out().contains("Java 25"), sluice::out);
            assertEquals("", sluice.err());
        }
    }

    private void installRightJdk() throws IOException {
        Files.createSymbolicLink(jdks.resolve("right"), Path.of(System.getProperty("java.home")));
    }

    /** A JDK of another version, which must not be used. */
    private Path otherJdk(String path) throws IOException {
        Path home = directory.resolve(path);
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"17.0.25\"\n");
        for (String program : List.of("java", "javac")) {
            Path file = Files.writeString(bin.resolve(program), "#!/bin/sh\nexit 99\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return home;
    }

    private static Path onPath(String tool) {
        return Stream.of(System.getenv("PATH").split(":")).map(entry -> Path.of(entry, tool))
                .filter(Files::isExecutable).findFirst().orElseThrow();
    }
}
