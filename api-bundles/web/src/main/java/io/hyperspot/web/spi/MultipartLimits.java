// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.spi;

/**
 * What a {@code multipart/form-data} body may hold. The whole body is bounded by the operation's
 * {@link Limits#maxBodyBytes}.
 *
 * @param maxParts more are refused with 413
 * @param maxPartBytes a larger part is refused with 413
 * @param maxHeaderBytes of one part
 * @param memoryBytes a larger part is kept in a temporary file until the request ends
 */
public record MultipartLimits(int maxParts, long maxPartBytes, int maxHeaderBytes, int memoryBytes) {
    /** A hundred parts as large as the body may be, the first 64 KiB of each in memory. */
    public static final MultipartLimits DEFAULT = new MultipartLimits(100, Long.MAX_VALUE, 8192, 65_536);

    public MultipartLimits {
        if (maxParts < 1 || maxPartBytes < 0 || maxHeaderBytes < 1 || memoryBytes < 0) {
            throw new IllegalArgumentException("limits of a multipart body are positive");
        }
    }
}
