package io.sluice.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.bench.load.LoadResult;
import java.io.StringReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class HtmlReportTest {

    @Test
    void holdsTheResultAsJson() {
        LoadResult result = Results.openLoop();
        String json = between(HtmlReport.of(result, "0.1"), "<script type=\"application/json\" id=\"result\">",
                "</script>");
        assertEquals(JsonReport.of(result, "0.1"), json.replace("\\u003c", "<"));
    }

    @Test
    void holdsTheTableAndTheSettings() {
        LoadResult result = Results.openLoop();
        String html = HtmlReport.of(result, "0.1");
        assertTrue(html.contains("<h1>http://h:81/a?b=&lt;c&gt;&amp;d, http, open loop at 520/s"), html);
        String table = TextReport.table(result).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        assertTrue(html.contains("<pre>" + table + "</pre>"), html);
        assertTrue(html.contains("2026-11-21T10:00:00Z, Sluice 0.1"));
        assertEquals(1, count(html, "open loop at 520/s"));
    }

    @Test
    void drawsBothCurvesOfAnOpenLoopAndThroughput() throws Exception {
        String html = HtmlReport.of(Results.openLoop(), "0.1");
        assertEquals(1, count(html, "<polyline class=\"line corrected\""));
        assertEquals(1, count(html, "<polyline class=\"line uncorrected\""));
        assertEquals(1, count(html, "<polyline class=\"line rate\""));
        assertWellFormed(html);
    }

    @Test
    void drawsNoLatenciesOfBulk() throws Exception {
        String html = HtmlReport.of(Results.bulk(), "0.1");
        assertFalse(html.contains("Latency by percentile"));
        assertEquals(1, count(html, "<polyline class=\"line rate\""));
        assertWellFormed(html);
    }

    @Test
    void tellsTheStartToTheSecond() {
        assertTrue(HtmlReport.of(Results.withRest(), "0.1").contains("<p>2026-11-21T10:00:00Z, Sluice 0.1</p>"));
    }

    @Test
    void drawsNoRateOfTheMomentAfterTheEnd() {
        Matcher rate = Pattern.compile("class=\"line rate\" points=\"([^\"]*)\"")
                .matcher(HtmlReport.of(Results.withRest(), "0.1"));
        assertTrue(rate.find());
        assertEquals(2, rate.group(1).strip().split(" ").length);
    }

    @Test
    void needsNothingFromTheNetwork() {
        String html = HtmlReport.of(Results.closedLoop(), "0.1");
        assertFalse(Pattern.compile("<link|<img|<iframe|\\bsrc=|\\bhref=|@import|url\\(").matcher(html).find());
        assertFalse(html.contains("{{"));
    }

    @Test
    void cannotBeEndedByAUrl() {
        String html = HtmlReport.of(Results.closedLoop(), "</script><script>alert(1)");
        assertEquals(1, count(html, "</script>"));
        assertFalse(html.contains("<script>alert"));
    }

    private static void assertWellFormed(String html) throws Exception {
        Matcher charts = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(html);
        while (charts.find()) {
            DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(new InputSource(new StringReader(charts.group())));
        }
    }

    private static String between(String text, String from, String to) {
        int start = text.indexOf(from) + from.length();
        return text.substring(start, text.indexOf(to, start));
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }
}
