// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A name as somebody typed it, that a directory may be asked for. Directories compare names loosely (RFC
 * 4518): what they could take for another name than people see is not asked.
 *
 * @param text in normal form C, without spaces around it
 */
record TypedName(String text) {
    static final int LONGEST = 256;

    /** Letters of other scripts that are drawn like Latin ones. */
    private static final String LOOK_LATIN = "авекмнорстухѕіјһԁԛԝӏүґьαβεηικμνορτυχωγϲϳ";

    /** Scripts that are written together. */
    private static final List<Set<UnicodeScript>> TOGETHER = List.of(
            EnumSet.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
            EnumSet.of(UnicodeScript.HAN, UnicodeScript.HANGUL),
            EnumSet.of(UnicodeScript.HAN, UnicodeScript.BOPOMOFO));

    /** Empty for what is no name. */
    static Optional<TypedName> of(String typed) {
        // an extreme text is not worth the work of a normal form
        if (typed.length() > 4 * LONGEST) {
            return Optional.empty();
        }
        String text = Normalizer.normalize(typed, Normalizer.Form.NFC).strip();
        int length = text.codePointCount(0, text.length());
        boolean usable = length > 0
                && length <= LONGEST
                && text.codePoints().allMatch(TypedName::isAllowed)
                // full-width letters, ligatures and the like are other names than they seem
                && Normalizer.isNormalized(text, Normalizer.Form.NFKC)
                && isOneScript(text)
                && !looksLatin(text);
        return usable ? Optional.of(new TypedName(text)) : Optional.empty();
    }

    private static boolean isAllowed(int c) {
        if (c < 128) {
            return c >= ' ' && c <= '~';
        }
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER, Character.TITLECASE_LETTER, Character.OTHER_LETTER,
                    Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.DECIMAL_DIGIT_NUMBER ->
                // fillers are letters that nobody sees
                !isFiller(c);
            default -> false;
        };
    }

    private static boolean isFiller(int c) {
        return c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x034F || (c >= 0xFE00 && c <= 0xFE0F)
                || (c >= 0xE0100 && c <= 0xE01EF);
    }

    private static boolean isOneScript(String text) {
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        text.codePoints()
                .mapToObj(UnicodeScript::of)
                .filter(script -> script != UnicodeScript.COMMON && script != UnicodeScript.INHERITED)
                .forEach(scripts::add);
        return scripts.size() <= 1 || TOGETHER.stream().anyMatch(set -> set.containsAll(scripts));
    }

    private static boolean looksLatin(String text) {
        int[] letters = text.codePoints().filter(Character::isLetter).map(Character::toLowerCase).toArray();
        for (int letter : letters) {
            if (letter < 128 || LOOK_LATIN.indexOf(letter) < 0) {
                return false;
            }
        }
        return letters.length > 0;
    }

    /** A person's name is in no log. */
    @Override
    public String toString() {
        return "TypedName[***]";
    }
}
