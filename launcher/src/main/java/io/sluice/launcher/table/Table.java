package io.sluice.launcher.table;

import io.sluice.launcher.table.Cell.Tone;
import java.util.ArrayList;
import java.util.List;

/**
 * An aligned table. The first columns are text, aligned left; the others are numbers, aligned right. If the terminal is
 * too narrow, the first column shrinks, then the last columns are left out. Owned by one thread.
 */
public final class Table {

    private static final int LEAST_NAME = 12;
    private static final int GAP = 2;

    private final int textColumns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** @param textColumns how many columns have texts */
    public Table(int textColumns, String... heads) {
        this.textColumns = textColumns;
        row(List.of(heads).stream().map(head -> Cell.of(head, Tone.FAINT)).toArray(Cell[]::new));
    }

    /** Adds a row with as many cells as there are heads. */
    public void row(Cell... cells) {
        rows.add(List.of(cells));
    }

    public List<String> lines(int columns, boolean coloured) {
        List<Integer> widths = widths(columns);
        return rows.stream().map(row -> line(row, widths, coloured)).toList();
    }

    private String line(List<Cell> row, List<Integer> widths, boolean coloured) {
        StringBuilder line = new StringBuilder();
        for (int index = 0; index < widths.size(); index++) {
            line.append(index == 0 ? "" : " ".repeat(GAP))
                    .append(row.get(index).fitted(widths.get(index), index >= textColumns, coloured));
        }
        return line.toString().stripTrailing();
    }

    /** The widths of the columns that fit. */
    private List<Integer> widths(int columns) {
        List<Integer> widths = new ArrayList<>();
        for (int index = 0; index < rows.getFirst().size(); index++) {
            int column = index;
            widths.add(rows.stream().mapToInt(row -> row.get(column).text().length()).max().orElse(0));
        }
        int excess = total(widths) - columns;
        if (excess > 0) {
            widths.set(0, Math.max(Math.min(LEAST_NAME, widths.getFirst()), widths.getFirst() - excess));
        }
        while (widths.size() > 1 && total(widths) > columns) {
            widths.removeLast();
        }
        return widths;
    }

    private static int total(List<Integer> widths) {
        return widths.stream().mapToInt(width -> width + GAP).sum() - GAP;
    }
}
