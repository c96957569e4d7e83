// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;

/**
 * A plugin's JAR, read and found to be a bundle.
 *
 * @param id the bundle's symbolic name
 * @param sha256 of the bytes, hexadecimal
 */
record PluginArchive(String id, String version, String sha256, byte[] bytes) {
    private static final long LARGEST = 512L << 20;

    /** The file is no plugin; the message says why and what to do. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message, Throwable cause) {
            super(message, cause);
        }

        UnusableException(String message) {
            super(message);
        }
    }

    /**
     * @throws IOException when the file cannot be read now
     */
    static PluginArchive read(Path file) throws IOException, UnusableException {
        long size = Files.size(file);
        if (size > LARGEST) {
            throw new UnusableException("it has " + (size >> 20) + " MB; at most " + (LARGEST >> 20) + " MB are taken");
        }
        byte[] bytes = Files.readAllBytes(file);
        Attributes headers = headers(file);
        String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (name == null || name.isBlank()) {
            throw new UnusableException("it is a JAR, but no plugin: its manifest has no Bundle-SymbolicName. "
                    + "Build it with bnd-maven-plugin, as docs/plugin-guide.md shows");
        }
        if (headers.getValue(Constants.FRAGMENT_HOST) != null) {
            throw new UnusableException("it is a fragment; a plugin must be a bundle of its own");
        }
        String version = headers.getValue(Constants.BUNDLE_VERSION);
        return new PluginArchive(
                name.split(";", 2)[0].strip(), version == null ? "0.0.0" : version.strip(), sha256(bytes), bytes);
    }

    private static Attributes headers(Path file) throws UnusableException {
        // checks the signatures of signed entries as they are read
        try (JarFile jar = new JarFile(file.toFile(), true)) {
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                throw new UnusableException("it is a ZIP file without META-INF/MANIFEST.MF: not a plugin");
            }
            return manifest.getMainAttributes();
        } catch (IOException | SecurityException e) {
            throw new UnusableException(
                    "it is not a readable JAR (" + e.getMessage() + "): it is truncated or damaged; copy it again", e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Tells the framework's copies apart by content, never by file name. */
    String location() {
        return "plugin:" + id + "@" + sha256;
    }

    ByteArrayInputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PluginArchive archive && archive.sha256.equals(sha256);
    }

    @Override
    public int hashCode() {
        return sha256.hashCode();
    }

    @Override
    public String toString() {
        return id + " " + version;
    }
}
