package io.sluice.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs benchmarks and writes a table of time and allocation. The first argument is the file for the table, the others
 * are JMH's own: {@link #DEFAULTS} stand where they say nothing.
 */
public final class JmhRun {

    /** Each option with its value. Of the JVM, as {@code ./sluice} sets it, the rest is inherited from this one. */
    private static final List<List<String>> DEFAULTS = List.of(
            List.of("-f", "1"),
            List.of("-wi", "3"),
            List.of("-w", "1s"),
            List.of("-i", "5"),
            List.of("-r", "1s"),
            List.of("-foe", "true"),
            List.of("-prof", "gc"),
            List.of("-jvmArgsAppend", "-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xmx2g"));

    private JmhRun() { }

    public static void main(String[] arguments) throws CommandLineOptionException, RunnerException, IOException {
        Path table = Path.of(arguments[0]).toAbsolutePath();
        List<String> options = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
        for (List<String> option : DEFAULTS) {
            if (!options.contains(option.getFirst())) {
                options.addAll(option);
            }
        }
        CommandLineOptions parsed = new CommandLineOptions(options.toArray(String[]::new));
        Runner runner = new Runner(parsed);
        if (parsed.shouldHelp()) {
            parsed.showHelp();
        } else if (parsed.shouldList()) {
            runner.list();
        } else if (parsed.shouldListWithParams()) {
            runner.listWithParams(parsed);
        } else if (parsed.shouldListProfilers()) {
            parsed.listProfilers();
        } else if (parsed.shouldListResultFormats()) {
            parsed.listResultFormats();
        } else {
            write(table, JmhTable.of(runner.run(), String.join(" ", options)));
        }
    }

    private static void write(Path table, String text) throws IOException {
        Files.createDirectories(table.getParent());
        Files.writeString(table, text);
        System.out.println("\n" + text);
    }
}
