// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.web.query.Cursors;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Offers {@link Cursors} with the key of this home, so that a cursor outlives a restart. Immediate:
 * REST resources wait for it.
 */
@Component(immediate = true, service = {})
public final class CursorKey {
    private static final int BYTES = 32;

    private final ServiceRegistration<Cursors> service;

    /**
     * @throws IOException when the key can be neither read nor written
     */
    @Activate
    public CursorKey(BundleContext context) throws IOException {
        String home = context.getProperty("hyperspot.home");
        Path file = Path.of(home == null ? "." : home, "data", "secrets", "cursor-key");
        service = context.registerService(Cursors.class, new Cursors(key(file)), null);
    }

    private static byte[] key(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            byte[] key = new byte[BYTES];
            new SecureRandom().nextBytes(key);
            Files.write(file, key);
            return key;
        } catch (FileAlreadyExistsException e) {
            return Files.readAllBytes(file);
        }
    }

    @Deactivate
    void deactivate() {
        service.unregister();
    }
}
