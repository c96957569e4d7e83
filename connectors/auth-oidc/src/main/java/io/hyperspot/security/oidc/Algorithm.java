// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Optional;
import java.util.stream.Stream;

/** The signatures that a configuration may allow (RFC 7518, RFC 8037). None is symmetric, and "none" is none. */
enum Algorithm {
    RS256(Family.RSA, "SHA-256"),
    RS384(Family.RSA, "SHA-384"),
    RS512(Family.RSA, "SHA-512"),
    PS256(Family.RSA, "SHA-256"),
    PS384(Family.RSA, "SHA-384"),
    PS512(Family.RSA, "SHA-512"),
    ES256(Family.P_256, "SHA-256"),
    ES384(Family.P_384, "SHA-384"),
    ES512(Family.P_521, "SHA-512"),
    EDDSA(Family.ED25519, "SHA-512");

    /** A kind of key. */
    enum Family {
        RSA,
        P_256,
        P_384,
        P_521,
        ED25519
    }

    private final Family family;
    private final String digest;

    Algorithm(Family family, String digest) {
        this.family = family;
        this.digest = digest;
    }

    Family family() {
        return family;
    }

    /** With what at_hash is made (OpenID Connect Core, 3.1.3.6). */
    String digest() {
        return digest;
    }

    /** As it stands in a header. */
    String text() {
        return this == EDDSA ? "EdDSA" : name();
    }

    JWSAlgorithm jose() {
        return JWSAlgorithm.parse(text());
    }

    static Optional<Algorithm> of(String text) {
        return Stream.of(values()).filter(a -> a.text().equals(text)).findFirst();
    }

    static Algorithm configured(String text) {
        return of(text).orElseThrow(() -> new IllegalArgumentException("'algorithms' must not hold '" + text + "'"));
    }
}
