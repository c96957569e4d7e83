// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.llm.provider;

import io.hyperspot.credstore.ConfiguredSecret;

/** A provider's key, which may change while it is used, and which some providers repeat in their errors. */
final class Secret {
    private static final String MASK = "***";
    private static final String NONE = "none";

    /** What was sent last, and before that: an error may repeat either. Without a toString that shows them. */
    private static final class Sent {
        private final String value;
        private final String before;

        Sent(String value, String before) {
            this.value = value;
            this.before = before;
        }
    }

    private final ConfiguredSecret configured;
    private volatile Sent sent = new Sent("", "");

    Secret(ConfiguredSecret configured) {
        this.configured = configured;
    }

    /** Whether it can change: it is a reference to a secret that is kept elsewhere. */
    boolean isFollowed() {
        return !configured.reference().isEmpty();
    }

    /**
     * Only for the header; empty: nothing is sent.
     *
     * @throws io.hyperspot.modkit.ProblemException UNAVAILABLE when the reference leads nowhere now
     */
    String reveal() {
        String value = configured.reveal().strip();
        String key = value.equals(NONE) ? "" : value;
        Sent last = sent;
        if (!key.equals(last.value)) {
            sent = new Sent(key, last.value);
        }
        return key;
    }

    String masked(String text) {
        Sent last = sent;
        String masked = last.value.isEmpty() ? text : text.replace(last.value, MASK);
        return last.before.isEmpty() ? masked : masked.replace(last.before, MASK);
    }

    @Override
    public String toString() {
        return MASK;
    }
}
