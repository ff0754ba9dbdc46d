package io.sluice.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;

/**
 * Where commands print. It remembers what has gone wrong, which a {@link java.io.PrintStream} keeps to itself, so that
 * a script does not take part of an answer for all of it. Owned by the thread of the command.
 */
final class StandardOutput extends FilterOutputStream {

    private IOException failure;

    StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    StandardOutput(OutputStream target) {
        super(target);
    }

    PrintWriter writer() {
        return new PrintWriter(new OutputStreamWriter(this, System.out.charset()), true);
    }

    /** What to end with in place of this code, with a word about it. */
    int judge(int exitCode, PrintWriter err) {
        if (failure == null || exitCode != ExitCode.OK) {
            return exitCode;
        }
        // Whoever has stopped reading, as 'head' does, knows that there was more.
        if (!"Broken pipe".equals(failure.getMessage())) {
            err.println("not all of the output could be written: " + failure.getMessage());
        }
        return ExitCode.NOT_TOLD;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
