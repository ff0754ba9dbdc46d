package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NodesTest {

    @Test
    void quotesInOneLineWithoutControlCharactersAndNotEndlessly() {
        assertEquals("\"a?[2J?b\u00e4\"", Nodes.quoted("a\u001b[2J\nb\u00e4"));
        assertEquals("\"" + "x".repeat(60) + "\"", Nodes.quoted("x".repeat(60)));
        assertEquals("\"" + "x".repeat(60) + "...\"", Nodes.quoted("x".repeat(61)));
    }
}
