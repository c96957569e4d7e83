// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The tables of one module, reached only through a {@link TenantScope}. Thread-safe. Every call has
 * the configured deadline, waits included.
 *
 * <p>The work gets an object that is valid until the work returns. It runs inside one transaction,
 * which is committed when the work returns and rolled back when it throws; what it throws reaches the
 * caller. It must not call out to anything slow, and must not start another write.
 *
 * <pre>{@code
 * Optional<NoteRecord> note = database.read(
 *         TenantScope.of(ctx), rows -> rows.from(NOTE).where(NOTE.ID.eq(id)).fetchFirst());
 * }</pre>
 */
@ProviderType
public interface Database {
    /**
     * Reads from one consistent snapshot. Reads run beside each other and beside a write. The work may
     * run more than once.
     *
     * @throws DatabaseException when the database cannot be used now, or the deadline passes
     */
    <T extends @Nullable Object> T read(TenantScope scope, Function<? super Reading, T> work);

    /**
     * Writes, as if no other write ran at the same time: what the work read is still so when its
     * changes are committed. Once this returns, what was written survives a crash of the process and
     * of the machine. The work may run more than once, when another write got in its way; only the
     * last run counts, so that it must change nothing but rows.
     *
     * @throws DatabaseException when the database cannot be used now, or the deadline passes, or a
     *     constraint is violated; nothing was written then
     */
    <T extends @Nullable Object> T write(TenantScope scope, Function<? super Writing, T> work);
}
