package io.sluice.core.log;

import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** Makes JSON of printable ASCII alone, so that no value can end a log's line or hide part of it. Immutable. */
public final class PrintableJson {

    private PrintableJson() { }

    public static JsonFactory factory() {
        return JsonFactory.builder()
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .characterEscapes(new DeleteEscaped())
                .build();
    }

    /** Escapes DEL, the one control character that JSON leaves as it is. */
    private static final class DeleteEscaped extends CharacterEscapes {

        private static final long serialVersionUID = 1;
        private static final int DELETE = 0x7f;

        private final int[] codes = standardAsciiEscapesForJSON();

        private DeleteEscaped() {
            codes[DELETE] = ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return codes;
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            return null;
        }
    }
}
