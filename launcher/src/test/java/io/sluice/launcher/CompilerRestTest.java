package io.sluice.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CompilerRestTest {

    private long compiledMs = 250;
    private int releases;
    private final CompilerRest rest = new CompilerRest(() -> compiledMs, () -> releases++);

    @Test
    void waitsWhileCompilersWork() {
        for (int i = 0; i < 5; i++) {
            rest.look();
            compiledMs++;
        }
        assertEquals(0, releases);
    }

    @Test
    void releasesOnceForEachRest() {
        look(4);
        assertEquals(1, releases);

        compiledMs++;
        look(4);
        assertEquals(2, releases);
    }

    @Test
    void isNotMisledByWhatReleasingCompiles() {
        CompilerRest compiling = new CompilerRest(() -> compiledMs, () -> {
            releases++;
            compiledMs += releases == 1 ? 1 : 0;
        });
        for (int i = 0; i < 10; i++) {
            compiling.look();
        }
        assertEquals(2, releases);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            rest.look();
        }
    }
}
