// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Recognises bearer tokens of one issuer. A DS component with {@code @GtsWorker(type =
 * TokenWorker.TYPE, ...)}. Called from many threads at once; may ask the issuer for its keys, within a
 * deadline.
 */
@ConsumerType
public interface TokenWorker {
    /** The GTS type of these workers. */
    String TYPE = "gts.hyperspot.core.modkit.plugin.v1~hyperspot.core.security.token_worker.v1~";

    /**
     * Whether the token is one of this worker's issuer, going by its form and by what it claims of itself,
     * not verified. Does no I/O, costs little, and throws nothing whatever the text.
     */
    boolean recognizes(String token);

    /** Verifies a token that this worker {@linkplain #recognizes recognises}. Throws nothing for a bad one. */
    Recognition verify(String token);
}
