// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.http.client;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** An answer whose head has arrived. Not thread-safe. Close it in every case. */
@ProviderType
public interface ProviderResponse extends AutoCloseable {
    int status();

    /** The first value of a header, or null; names are case-insensitive. */
    @Nullable String header(String name);

    /** The declared length of the body, or -1. */
    long length();

    /**
     * Reads what has arrived, at least one byte, gathering as many complete chunks as are there.
     *
     * @return the count, or -1 at the proper end of the body
     * @throws UpstreamException for an early end, a malformed chunk, a deadline or a cancellation
     */
    int read(byte[] target, int offset, int length) throws UpstreamException;

    /**
     * The whole body.
     *
     * @throws UpstreamException TOO_LARGE when it is longer than the limit
     */
    byte[] readAll(int maxBytes) throws UpstreamException;

    /** Gives the connection back when the body was read to its end, else closes it. */
    @Override
    void close();
}
