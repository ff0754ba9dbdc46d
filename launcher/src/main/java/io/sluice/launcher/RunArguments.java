package io.sluice.launcher;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The arguments of a usual start: {@code run}, {@code -f FILE} and {@code --take-over}. They are read without picocli,
 * whose 175 classes are compiled for Java 5, so that no AOT cache takes them up: loading them took a third of the CPU
 * time of a start and 5 MiB for as long as the process runs.
 *
 * @param takesOver whether the listening sockets come from the Sluice that runs
 */
record RunArguments(Path file, boolean takesOver) {

    static final String TAKE_OVER = "--take-over";

    /** Reads the arguments of a usual start; empty for all others, which are for {@link SluiceCommand}. */
    static Optional<RunArguments> of(String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals("run")) {
            return Optional.empty();
        }
        Path file = null;
        boolean takesOver = false;
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i].equals(TAKE_OVER) && !takesOver) {
                takesOver = true;
            } else if (arguments[i].equals("-f") && file == null && i + 1 < arguments.length
                    && isFile(arguments[i + 1])) {
                file = Path.of(arguments[++i]);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new RunArguments(file == null ? defaultFile() : file, takesOver));
    }

    /** The shipped configuration, in the directory that the launcher script sets. */
    static Path defaultFile() {
        return Path.of(System.getProperty("sluice.home", "."), "config", "sluice.yaml");
    }

    /**
     * Whether this names a file and nothing else. Picocli reads an option from '-' and a file of arguments from '@'; it
     * refuses what the system's encoding cannot express.
     */
    private static boolean isFile(String argument) {
        try {
            return !Path.of(argument).toString().isEmpty() && argument.charAt(0) != '-' && argument.charAt(0) != '@';
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
