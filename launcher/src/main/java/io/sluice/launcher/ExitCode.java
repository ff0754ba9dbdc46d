package io.sluice.launcher;

/** The exit codes of the process. */
final class ExitCode {

    /** Done as asked; also after TERM or INT, even if connections had to be cut when the drain timeout passed. */
    static final int OK = 0;
    /** The configuration is not valid. */
    static final int INVALID_CONFIG = 1;
    /** The command line is not valid; picocli's own value. */
    static final int USAGE = 2;
    /** Sluice could not start with this valid configuration: an address in use, a log file that cannot be opened. */
    static final int CANNOT_START = 3;
    /** A second TERM or INT cut the drain short. */
    static final int CUT_SHORT = 4;
    /** A thread of Sluice ended with an unexpected error: out of memory, or a bug. */
    static final int BROKEN = 5;
    /** {@code bench} or {@code tls inspect} got no answer at all. */
    static final int NOTHING_ANSWERED = 6;
    /** The running Sluice could not be reached, or it refused the request. */
    static final int REFUSED = 7;
    /** Done as asked, but the output could not be written in full. */
    static final int NOT_TOLD = 8;

    private ExitCode() { }
}
