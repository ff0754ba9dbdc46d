package io.sluice.launcher.top;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TerminalTest {

    @Test
    void isNotForTerminalsThatKnowNoSequences() {
        assertTrue(Terminal.isCapable("xterm-256color"));
        assertTrue(Terminal.isCapable("linux"));
        assertFalse(Terminal.isCapable("dumb"));
        assertFalse(Terminal.isCapable(""));
        assertFalse(Terminal.isCapable(null));
    }
}
