// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class MigrationTest {
    @TempDir
    private Path folder;

    /** A bundle that holds these files below the module's folder, in this order. */
    private Bundle bundle(String... files) throws Exception {
        List<URL> entries = new ArrayList<>();
        for (String file : files) {
            entries.add(Files.writeString(folder.resolve(file), "-- " + file).toUri().toURL());
        }
        return (Bundle) Proxy.newProxyInstance(
                Bundle.class.getClassLoader(), new Class<?>[] {Bundle.class}, (proxy, method, args) -> {
                    assertThat(method.getName()).isEqualTo("findEntries");
                    return args[0].equals("db/migration/notes") ? Collections.enumeration(entries) : null;
                });
    }

    @Test
    void findsTheModulesMigrationsInOrder() throws Exception {
        assertThat(Migration.of(bundle("V2__b.sql", "V1__a.sql"), "notes"))
                .containsExactly(
                        new Migration("V1__a.sql", "-- V1__a.sql"), new Migration("V2__b.sql", "-- V2__b.sql"));
    }

    @Test
    void findsNoneOfAnotherModule() throws Exception {
        assertThat(Migration.of(bundle("V1__a.sql"), "other")).isEmpty();
    }
}
