package im.stanzabus.bench.load.report;

import java.util.List;
import java.util.Locale;

/// Lines over two axes, as SVG 1.1.
///
/// @param lines each in a colour of its own, as long as there are colours
record Plot(String title, Axis x, Axis y, List<Line> lines) {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 460;
    private static final int LEFT = 80;
    private static final int RIGHT = 620;
    private static final int TOP = 44;
    private static final int BOTTOM = 400;
    private static final int ROW = 20;
    private static final int GAP = 16;
    private static final List<String> COLOURS =
            List.of("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#e377c2");

    /// A line and its name; as many values of x as of y.
    record Line(String name, double[] x, double[] y) {}

    /// The file's text.
    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(HEIGHT)
                .append("\" font-family=\"sans-serif\" font-size=\"12\">\n")
                .append("<title>")
                .append(escaped(title))
                .append("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        text(svg, LEFT, TOP - ROW, "start", title);
        for (Axis.Tick tick : x.ticks()) {
            double at = across(tick.value());
            grid(svg, at, TOP, at, BOTTOM);
            text(svg, at, BOTTOM + GAP, "middle", tick.text());
        }
        for (Axis.Tick tick : y.ticks()) {
            double at = up(tick.value());
            grid(svg, LEFT, at, RIGHT, at);
            text(svg, LEFT - GAP / 2.0, at + GAP / 4.0, "end", tick.text());
        }
        text(svg, (LEFT + RIGHT) / 2.0, HEIGHT - GAP, "middle", x.label());
        text(svg, GAP, TOP - GAP / 2.0, "start", y.label());
        for (int i = 0; i < lines.size(); i++) {
            line(svg, lines.get(i), COLOURS.get(i % COLOURS.size()), TOP + i * ROW);
        }
        return svg.append("</svg>\n").toString();
    }

    private double across(double value) {
        return LEFT + x.position(value) * (RIGHT - LEFT);
    }

    private double up(double value) {
        return BOTTOM - y.position(value) * (BOTTOM - TOP);
    }

    private void line(StringBuilder svg, Line line, String colour, int row) {
        svg.append("<polyline fill=\"none\" stroke-width=\"1.5\" stroke=\"")
                .append(colour)
                .append("\" points=\"");
        for (int i = 0; i < line.x().length; i++) {
            svg.append(number(across(line.x()[i])))
                    .append(',')
                    .append(number(up(line.y()[i])))
                    .append(' ');
        }
        svg.append("\"/>\n<rect x=\"")
                .append(RIGHT + GAP)
                .append("\" y=\"")
                .append(row)
                .append("\" width=\"10\" height=\"10\" fill=\"")
                .append(colour)
                .append("\"/>\n");
        text(svg, RIGHT + 2 * GAP, row + 10, "start", line.name());
    }

    private static void grid(StringBuilder svg, double fromX, double fromY, double toX, double toY) {
        svg.append("<line stroke=\"#ddd\" x1=\"")
                .append(number(fromX))
                .append("\" y1=\"")
                .append(number(fromY))
                .append("\" x2=\"")
                .append(number(toX))
                .append("\" y2=\"")
                .append(number(toY))
                .append("\"/>\n");
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append("<text x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append("\" text-anchor=\"")
                .append(anchor)
                .append("\">")
                .append(escaped(text))
                .append("</text>\n");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
