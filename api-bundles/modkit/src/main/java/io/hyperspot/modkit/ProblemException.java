// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.modkit;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error meant for the caller: a category, a stable code and a sentence that says what to do.
 * The web layer renders it as a problem document (RFC 9457). Its message is shown to callers, so it
 * must hold no secret and no detail of other tenants.
 */
public class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCategory category;
    private final String code;
    private final transient Map<String, Object> context;

    /**
     * @param code stable, UPPER_SNAKE, for programs
     * @param detail a sentence for people: what is wrong and what to do about it
     */
    public ProblemException(ErrorCategory category, String code, String detail) {
        this(category, code, detail, Map.of(), null);
    }

    /**
     * @param context further members of the problem document, JSON-like values only
     * @param cause logged, never shown; may be null
     */
    public ProblemException(
            ErrorCategory category,
            String code,
            String detail,
            Map<String, Object> context,
            @org.jspecify.annotations.Nullable Throwable cause) {
        super(detail, cause);
        this.category = category;
        this.code = code;
        this.context = new LinkedHashMap<>(context);
    }

    public ErrorCategory category() {
        return category;
    }

    public String code() {
        return code;
    }

    /** The sentence for people; same as {@link #getMessage()}. */
    public String detail() {
        String message = getMessage();
        return message == null ? category.title() : message;
    }

    /** Further members of the problem document; unmodifiable. */
    public Map<String, Object> context() {
        return java.util.Collections.unmodifiableMap(context);
    }
}
