// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.types.registry.engine;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.format.Format;
import io.hyperspot.gts.GtsId;
import io.hyperspot.gts.GtsSyntaxException;
import java.util.regex.Pattern;

/** The format {@code uuid}: a UUID, or a GTS id, each of which stands for one (GTS operation 5). */
final class UuidFormat implements Format {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    @Override
    public String getName() {
        return "uuid";
    }

    @Override
    public boolean matches(ExecutionContext execution, String value) {
        if (UUID.matcher(value).matches()) {
            return true;
        }
        try {
            GtsId.parse(value);
            return true;
        } catch (GtsSyntaxException e) {
            return false;
        }
    }
}
