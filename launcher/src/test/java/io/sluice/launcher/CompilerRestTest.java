package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CompilerRestTest {

    private static final int MUCH_MS = 250;

    private long compiledMs = MUCH_MS;
    private int releases;
    private final CompilerRest rest = new CompilerRest(() -> compiledMs, () -> releases++);

    @Test
    void waitsWhileCompilersWork() {
        for (int i = 0; i < 5; i++) {
            rest.look();
            compiledMs += MUCH_MS;
        }
        assertEquals(0, releases);
    }

    @Test
    void releasesOnceForEachRest() {
        look(4);
        assertEquals(1, releases);

        compiledMs += MUCH_MS;
        look(4);
        assertEquals(2, releases);
    }

    @Test
    void takesALittleWorkForRest() {
        rest.look();
        compiledMs++;
        rest.look();
        assertEquals(1, releases);

        compiledMs++;
        look(4);
        assertEquals(1, releases);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            rest.look();
        }
    }
}
