// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.deploy;

import io.hyperspot.plugins.Plugin.VersionState;

/** A version does not come to serve. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final VersionState state;

    Refusal(VersionState state, String reason) {
        super(reason);
        this.state = state;
    }

    VersionState state() {
        return state;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
