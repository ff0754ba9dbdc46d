package io.sluice.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;

/**
 * The standard output of commands. Remembers a failed write, which {@link java.io.PrintStream} hides, so that the exit
 * code tells a script that the output is incomplete. Owned by the thread of the command.
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

    /** The exit code to end with: another one than given, with a message, if output was lost. */
    int judge(int exitCode, PrintWriter err) {
        if (failure == null || exitCode != ExitCode.OK) {
            return exitCode;
        }
        // A reader that has closed the pipe, as 'head' does, needs no message.
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
