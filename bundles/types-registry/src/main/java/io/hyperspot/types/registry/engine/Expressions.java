// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.google.re2j.Pattern;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;

/**
 * Regular expressions that match in linear time, because they come from whoever may register a type. RE2
 * has no look-around and no back-references; {@link SchemaRules} refuses those.
 */
final class Expressions implements RegularExpressionFactory {
    @Override
    public RegularExpression getRegularExpression(String expression) {
        Pattern pattern = Pattern.compile(expression);
        return value -> pattern.matcher(value).find();
    }

    /** Whether a part of the value matches; the expression was checked before. */
    static boolean find(String expression, String value) {
        return Pattern.compile(expression).matcher(value).find();
    }
}
