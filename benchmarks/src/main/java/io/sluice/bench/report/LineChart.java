package io.sluice.bench.report;

import java.util.List;

/** Draws lines over two axes as SVG, in colours that the page around it sets by class. Immutable. */
record LineChart(Axis x, Axis y, List<Line> lines) {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 320;
    private static final int LEFT = 80;
    private static final int RIGHT = 20;
    private static final int TOP = 30;
    private static final int BOTTOM = 50;
    private static final int LEGEND_STEP = 150;

    /** A named line through points; the name is a CSS class, too. */
    record Line(String name, List<Point> points) { }

    /** A place on both axes. */
    record Point(double x, double y) { }

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append(Numbers.text("<svg viewBox=\"0 0 %d %d\" role=\"img\">\n", WIDTH, HEIGHT));
        x.ticks().forEach(tick -> verticalTick(svg, tick));
        y.ticks().forEach(tick -> horizontalTick(svg, tick));
        text(svg, "middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10, x.title());
        text(svg, "start", LEFT, TOP - 14, y.title());
        for (int i = 0; i < lines.size(); i++) {
            line(svg, lines.get(i));
            if (lines.size() > 1) {
                legend(svg, lines.get(i).name(), i);
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private void line(StringBuilder svg, Line line) {
        svg.append(Numbers.text("<polyline class=\"line %s\" points=\"", line.name()));
        for (Point point : line.points()) {
            svg.append(Numbers.text("%.1f,%.1f ", horizontal(point.x()), vertical(point.y())));
        }
        svg.append("\"/>\n");
    }

    private void legend(StringBuilder svg, String name, int index) {
        double right = WIDTH - RIGHT - index * LEGEND_STEP;
        svg.append(Numbers.text("<line class=\"line %s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n",
                name, right - 24, TOP - 18, right, TOP - 18));
        text(svg, "end", right - 30, TOP - 14, name);
    }

    private void verticalTick(StringBuilder svg, Axis.Tick tick) {
        double at = horizontal(tick.value());
        grid(svg, at, TOP, at, HEIGHT - BOTTOM);
        text(svg, "middle", at, HEIGHT - BOTTOM + 18, tick.label());
    }

    private void horizontalTick(StringBuilder svg, Axis.Tick tick) {
        double at = vertical(tick.value());
        grid(svg, LEFT, at, WIDTH - RIGHT, at);
        text(svg, "end", LEFT - 8, at + 4, tick.label());
    }

    private static void grid(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(Numbers.text("<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
                x1, y1, x2, y2));
    }

    /** Writes a text unescaped: titles and names are our own and have no characters special to XML. */
    private static void text(StringBuilder svg, String anchor, double x, double y, String text) {
        svg.append(Numbers.text("<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", anchor, x, y, text));
    }

    private double horizontal(double value) {
        return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
    }

    private double vertical(double value) {
        return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
    }
}
