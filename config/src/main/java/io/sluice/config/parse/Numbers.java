package io.sluice.config.parse;

import java.util.regex.Pattern;

/** The types of numbers and booleans. */
final class Numbers {

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    private Numbers() { }

    static Scalar<Integer> integer(int least, int most) {
        boolean bounded = most < Integer.MAX_VALUE - 1;
        String expected = "a whole number " + (bounded ? "from " + least + " to " + most : "of at least " + least);
        Scalar.Parser<Integer> parser = text -> {
            if (!DIGITS.matcher(text).matches() || Long.parseLong(text) < least || Long.parseLong(text) > most) {
                throw new InvalidValueException("expected " + expected + ", not " + Nodes.quoted(text));
            }
            return Integer.parseInt(text);
        };
        String values = "integer " + (bounded ? least + " to " + most : "from " + least);
        return new Scalar<>(values, Json.object("type", "integer", "minimum", least, "maximum", most),
                parser, value -> value);
    }

    /** A share, as a number of hundredths. */
    static Scalar<Integer> percent() {
        Pattern pattern = Pattern.compile("(?:[0-9]|[1-9][0-9]|100)%");
        Scalar.Parser<Integer> parser = text -> {
            if (!pattern.matcher(text).matches()) {
                boolean bare = pattern.matcher(text + "%").matches();
                throw new InvalidValueException("expected a share from 0% to 100%, not " + Nodes.quoted(text),
                        bare ? "write " + text + "%" : null);
            }
            return Integer.parseInt(text.substring(0, text.length() - 1));
        };
        return new Scalar<>("`0%` to `100%`", Json.object("type", "string", "pattern", "^" + pattern + "$"),
                parser, value -> value + "%");
    }

    static Scalar<Boolean> bool() {
        Scalar.Parser<Boolean> parser = text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            case "yes", "on" -> throw new InvalidValueException(notBoolean(text), "write true");
            case "no", "off" -> throw new InvalidValueException(notBoolean(text), "write false");
            default -> throw new InvalidValueException(notBoolean(text));
        };
        return new Scalar<>("`true` or `false`", Json.object("type", "boolean"), parser, value -> value);
    }

    private static String notBoolean(String text) {
        return "expected true or false, not " + Nodes.quoted(text);
    }
}
