// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import java.util.regex.Pattern;

/** Codes of errors as providers send them, fit to be shown. */
final class ErrorCode {
    private static final Pattern CODE = Pattern.compile("[a-z_]{1,60}");

    private ErrorCode() {}

    static String of(String text) {
        return CODE.matcher(text).matches() ? text : "unknown_error";
    }
}
