// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.rest;

/** Lines of RFC 4180. */
final class Csv {
    private Csv() {}

    static String line(String... values) {
        StringBuilder line = new StringBuilder();
        for (String value : values) {
            line.append(line.isEmpty() ? "" : ",").append(field(value));
        }
        return line.append("\r\n").toString();
    }

    private static String field(String value) {
        // a spreadsheet would take it for a formula (CWE-1236)
        String safe = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
        return "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
