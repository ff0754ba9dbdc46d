package io.sluice.config.parse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of numbers and booleans. */
final class Numbers {

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    private Numbers() { }

    static Scalar<Integer> integer(int least, int most) {
        boolean bounded = most < Integer.MAX_VALUE - 1;
        String expected = "a whole number " + (bounded ? "from " + least + " to " + most : "of at least " + least);
        Scalar.Parser<Integer> parser = text -> {
            boolean isNumber = DIGITS.matcher(text).matches();
            if (isNumber && !bounded && Long.parseLong(text) > most) {
                throw new InvalidValueException("must be at most " + most + ", not " + Nodes.quoted(text));
            }
            if (!isNumber || Long.parseLong(text) < least || Long.parseLong(text) > most) {
                throw new InvalidValueException("expected " + expected + ", not " + Nodes.quoted(text));
            }
            return Integer.parseInt(text);
        };
        String values = "integer " + (bounded ? least + " to " + most : "from " + least);
        return new Scalar<>(values, Json.object("type", "integer", "minimum", least, "maximum", most),
                parser, value -> value);
    }

    /** A percentage, read as a whole number. */
    static Scalar<Integer> percent() {
        return percent(0);
    }

    /** A percentage of at least {@code least}, which is 0 or a multiple of ten. */
    static Scalar<Integer> percent(int least) {
        String tens = least == 0 ? "[0-9]|[1-9]" : "[" + least / 10 + "-9]";
        Pattern pattern = Pattern.compile("(?:" + tens + "[0-9]|100)%");
        Scalar.Parser<Integer> parser = text -> {
            if (!pattern.matcher(text).matches()) {
                boolean bare = pattern.matcher(text + "%").matches();
                throw new InvalidValueException("expected a share from " + least + "% to 100%, not "
                        + Nodes.quoted(text), bare ? "write " + text + "%" : null);
            }
            return Integer.parseInt(text.substring(0, text.length() - 1));
        };
        return new Scalar<>("`" + least + "%` to `100%`", Json.object("type", "string", "pattern", "^" + pattern + "$"),
                parser, value -> value + "%");
    }

    /** A weight in percent with up to two decimals, read as hundredths of a percent. */
    static Scalar<Integer> weight() {
        Pattern pattern = Pattern.compile("([0-9]{1,3})(?:\\.([0-9]{1,2}))?");
        Scalar.Parser<Integer> parser = text -> {
            Matcher matcher = pattern.matcher(text);
            int steps = matcher.matches() ? hundredths(matcher.group(1), matcher.group(2)) : -1;
            if (steps < 0 || steps > 100_00) {
                throw new InvalidValueException("expected a number from 0 to 100 with at most two decimals, not "
                        + Nodes.quoted(text));
            }
            return steps;
        };
        return new Scalar<>("0 to 100, in steps of 0.01", Json.object("type", "number", "minimum", 0, "maximum", 100),
                parser, Numbers::weightText);
    }

    private static int hundredths(String whole, String decimals) {
        String two = ((decimals == null ? "" : decimals) + "00").substring(0, 2);
        return 100 * Integer.parseInt(whole) + Integer.parseInt(two);
    }

    /** The weight as written in a file: 12.5 for 1250 hundredths. */
    static Object weightText(int hundredths) {
        return hundredths % 100 == 0 ? (Object) (hundredths / 100) : (Object) (hundredths / 100.0);
    }

    static Scalar<Boolean> bool() {
        Scalar.Parser<Boolean> parser = text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            case "yes", "on", "required" -> throw new InvalidValueException(notBoolean(text), "write true");
            case "no", "off", "none" -> throw new InvalidValueException(notBoolean(text), "write false");
            default -> throw new InvalidValueException(notBoolean(text));
        };
        return new Scalar<>("`true` or `false`", Json.object("type", "boolean"), parser, value -> value);
    }

    private static String notBoolean(String text) {
        return "expected true or false, not " + Nodes.quoted(text);
    }
}
