// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import org.osgi.framework.Bundle;

/**
 * One step of a module's schema, for every database alike. Columns are {@code bigint}, {@code integer}
 * or one of these: {@code ${id}} (up to 64 characters of ASCII), {@code ${key}} (up to 1024 of ASCII),
 * {@code ${name}} (up to 255 of Unicode), {@code ${text}} (long, in no key) and {@code ${bytes}}. The
 * first three compare letter by letter; the columns of a key hold at most 3000 bytes together. A table
 * whose rows belong to tenants has a column {@code tenant_id ${id} not null}.
 *
 * <p>Beside each {@code V<version>__<words>.sql} there is a {@code U<version>__<words>.sql} that takes
 * it back.
 *
 * @param file its name, for example {@code V1__api_keys.sql}; the version is between V and the two
 *     underscores. An applied file never changes again: what is wrong is mended by a further one
 * @param sql the statements
 */
public record Migration(String file, String sql) {
    /**
     * The migrations that a bundle brings under {@code db/migration/<module>}, ordered by name.
     *
     * @throws UncheckedIOException when one cannot be read
     */
    public static List<Migration> of(Bundle bundle, String module) {
        Enumeration<URL> entries = bundle.findEntries("db/migration/" + module, "*.sql", false);
        List<Migration> migrations = new ArrayList<>();
        for (URL entry : entries == null ? List.<URL>of() : Collections.list(entries)) {
            migrations.add(read(entry));
        }
        migrations.sort(Comparator.comparing(Migration::file));
        return migrations;
    }

    private static Migration read(URL entry) {
        String path = entry.getPath();
        try (InputStream in = entry.openStream()) {
            return new Migration(
                    path.substring(path.lastIndexOf('/') + 1), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the migration " + path + " cannot be read", e);
        }
    }
}
