// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import java.util.ArrayList;
import java.util.List;

/** A document cannot be registered, whatever else is. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ArrayList<Violation> violations;

    public RefusedException(List<Violation> violations) {
        super(Violation.text(violations));
        this.violations = new ArrayList<>(violations);
    }

    /** At least one. */
    public List<Violation> violations() {
        return List.copyOf(violations);
    }
}
