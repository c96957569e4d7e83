// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.tenants.resolver.tree;

import io.hyperspot.modkit.ErrorCategory;
import io.hyperspot.modkit.ProblemException;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names that people can tell apart: normal form C, nothing invisible, and letters of one script, or of the
 * scripts that are written together ("highly restrictive", Unicode UTS #39, section 5.2), so that no Latin
 * name has a Cyrillic double.
 */
final class TenantName {
    private static final int LONGEST = 100;
    private static final int MOST_MARKS = 3;
    private static final List<Set<UnicodeScript>> TOGETHER = List.of(
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.BOPOMOFO),
            EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HANGUL));

    private TenantName() {}

    /**
     * The name as it is kept.
     *
     * @throws ProblemException INVALID_ARGUMENT that says what is wrong with it
     */
    static String check(String text) {
        // before normalizing, which may make a text longer and takes its time
        if (text.length() > 4 * LONGEST) {
            throw wrongLength();
        }
        String name = Normalizer.normalize(text, Normalizer.Form.NFC).strip();
        if (name.isEmpty() || name.codePointCount(0, name.length()) > LONGEST) {
            throw wrongLength();
        }
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        int marks = 0;
        for (int character : name.codePoints().toArray()) {
            if (!isVisible(character)) {
                throw invalid(String.format(
                        Locale.ROOT, "it has the character U+%04X, which cannot be seen or turns the text around", character));
            }
            marks = isMark(character) ? marks + 1 : 0;
            if (marks > MOST_MARKS) {
                throw invalid("it has more than " + MOST_MARKS + " marks on one letter");
            }
            UnicodeScript script = UnicodeScript.of(character);
            if (script != UnicodeScript.COMMON && script != UnicodeScript.INHERITED) {
                scripts.add(script);
            }
        }
        if (scripts.size() > 1 && TOGETHER.stream().noneMatch(together -> together.containsAll(scripts))) {
            Set<String> names = new TreeSet<>();
            scripts.forEach(script -> names.add(script.name().toLowerCase(Locale.ROOT)));
            throw invalid("it mixes letters of " + String.join(" and ", names)
                    + ", some of which look the same; write it in one script");
        }
        return name;
    }

    /** What two names have in common that are the same to people. */
    static String key(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKC).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    /** A plain space is the only space. */
    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            // fillers are letters by category and blank by design
            default -> character != 0x115F && character != 0x1160 && character != 0x3164 && character != 0xFFA0 && character != 0x2800;
        };
    }

    private static boolean isMark(int character) {
        int type = Character.getType(character);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    private static ProblemException wrongLength() {
        return invalid("it must have 1 to " + LONGEST + " characters");
    }

    private static ProblemException invalid(String why) {
        return new ProblemException(ErrorCategory.INVALID_ARGUMENT, "INVALID_TENANT_NAME", "The name cannot be used: " + why + ".");
    }
}
