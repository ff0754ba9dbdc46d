package io.sluice.launcher;

import java.io.PrintWriter;
import java.util.Optional;

/** Where the process begins and ends. */
public final class Main {

    private Main() { }

    public static void main(String[] arguments) {
        StandardOutput out = new StandardOutput();
        PrintWriter writer = out.writer();
        PrintWriter err = new PrintWriter(System.err, true);
        int exitCode = execute(arguments, writer, err);
        writer.flush();
        System.exit(out.judge(exitCode, err));
    }

    private static int execute(String[] arguments, PrintWriter out, PrintWriter err) {
        Optional<RunArguments> usualStart = RunArguments.of(arguments);
        if (usualStart.isEmpty()) {
            return SluiceCommand.commandLine(arguments).setOut(out).setErr(err).execute(arguments);
        }
        try {
            return new Run(usualStart.get(), out, err).call();
        } catch (Exception e) {
            return Failure.explain(e, err);
        }
    }
}
