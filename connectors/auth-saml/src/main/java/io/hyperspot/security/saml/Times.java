// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/** Times in attributes: in UTC, and written so (SAML Core, 1.3.3). */
final class Times {
    private static final Pattern UTC = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");

    private Times() {}

    static Instant required(Element element, String name) throws AnswerException {
        Instant time = optional(element, name);
        if (time == null) {
            throw AnswerException.because("the time " + name + " is missing");
        }
        return time;
    }

    /** Null when it is not there. */
    static @Nullable Instant optional(Element element, String name) throws AnswerException {
        String text = Xml.attribute(element, name);
        if (text == null) {
            return null;
        }
        if (UTC.matcher(text).matches()) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                // answered below
            }
        }
        throw AnswerException.because("the time " + name + " is none in UTC");
    }
}
