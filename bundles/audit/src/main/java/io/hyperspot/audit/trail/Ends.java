// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.audit.trail;

import static io.hyperspot.audit.trail.Tables.END;

import io.hyperspot.audit.chain.Point;
import io.hyperspot.audit.chain.SignedPoint;
import io.hyperspot.audit.trail.Tables.EndRow;
import io.hyperspot.persistence.Reading;
import io.hyperspot.persistence.Writing;
import org.jspecify.annotations.Nullable;

/** Where trails end and begin, in the database. */
final class Ends {
    private Ends() {}

    static @Nullable SignedPoint read(Reading rows, Point.Kind kind) {
        return rows.from(END).where(END.kind.eq(kind.name())).fetchFirst().map(Ends::point).orElse(null);
    }

    static SignedPoint point(EndRow row) {
        Point point = new Point(
                Point.Kind.valueOf(row.get(END.kind)), row.get(END.tenantId), row.get(END.seq), row.get(END.hash));
        return new SignedPoint(point, row.get(END.signedAt), row.get(END.signature));
    }

    /** @param first whether the trail has none of this kind yet */
    static void write(Writing rows, SignedPoint signed, boolean first) {
        EndRow row = new EndRow();
        row.set(END.seq, signed.point().seq());
        row.set(END.hash, signed.point().hash());
        row.set(END.signedAt, signed.at());
        row.set(END.signature, signed.signature());
        if (first) {
            row.set(END.tenantId, signed.point().tenant());
            row.set(END.kind, signed.point().kind().name());
            rows.insert(row);
        } else {
            rows.update(row, END.kind.eq(signed.point().kind().name()).and(END.tenantId.eq(signed.point().tenant())));
        }
    }
}
