package io.sluice.launcher.top;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The terminal's alternate screen. The normal screen comes back afterwards, even if a signal ends the program. Owned by
 * one thread.
 */
public final class Terminal implements AutoCloseable {

    private static final Size USUAL = new Size(120, 40);
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String TO_START = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_REST = "\u001b[J";

    private final PrintWriter out;
    private final Thread onExit = new Thread(this::leave, "terminal");

    /** The size of a window. */
    public record Size(int columns, int rows) { }

    public Terminal(PrintWriter out) {
        this.out = out;
        Runtime.getRuntime().addShutdownHook(onExit);
        out.print(ENTER);
    }

    /** Whether the output goes to a terminal that can move the cursor. */
    public static boolean isThere() {
        Console console = System.console();
        return console != null && console.isTerminal() && isCapable(System.getenv("TERM"));
    }

    /** @param kind the value of TERM; null if it is not set */
    static boolean isCapable(String kind) {
        return kind != null && !kind.isEmpty() && !kind.equals("dumb");
    }

    /** The present size, from {@code stty}; asked each time, since windows are resized. */
    public static Size size() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
            String[] rowsAndColumns = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip().split(" ");
            Size told = new Size(Integer.parseInt(rowsAndColumns[1]), Integer.parseInt(rowsAndColumns[0]));
            return told.columns() > 0 && told.rows() > 0 ? told : USUAL;
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return USUAL;
        }
    }

    /** Shows these lines. Overwrites the old ones line by line, so that nothing flickers. */
    public void show(List<String> lines) {
        out.print(TO_START);
        for (int index = 0; index < lines.size(); index++) {
            out.print(lines.get(index) + CLEAR_LINE + (index < lines.size() - 1 ? "\r\n" : ""));
        }
        out.print(CLEAR_REST);
        out.flush();
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onExit);
        leave();
    }

    private void leave() {
        out.print(LEAVE);
        out.flush();
    }
}
