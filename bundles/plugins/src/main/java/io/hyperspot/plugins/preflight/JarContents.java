// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is in a JAR.
 *
 * @param classes internal names of the classes that its class path has, its own and its libraries'
 * @param packages where a package has classes; empty text for the JAR itself, else the library's path
 * @param references the classes that its own classes refer to, each with the first that does
 * @param libraryReferences the same for the libraries' classes
 * @param documents component descriptions, metatype and GTS documents by path
 * @param tooNew a class that this Java cannot load
 */
record JarContents(
        Set<String> classes,
        Map<String, String> packages,
        Map<String, String> references,
        Map<String, String> libraryReferences,
        Map<String, byte[]> documents,
        Set<String> libraries,
        int entries,
        long expanded,
        @Nullable TooNew tooNew) {
    /**
     * @param where the class file
     * @param java that could load it; 0: only a preview of this very Java
     */
    record TooNew(String where, int java) {}

    /** Documents below a folder. */
    List<Map.Entry<String, byte[]>> documents(String folder) {
        return documents.entrySet().stream()
                .filter(document -> document.getKey().startsWith(folder))
                .toList();
    }

    /** The package of an internal class name, with dots. */
    static String packageOf(String internalName) {
        int slash = internalName.lastIndexOf('/');
        return slash < 0 ? "" : internalName.substring(0, slash).replace('/', '.');
    }
}
