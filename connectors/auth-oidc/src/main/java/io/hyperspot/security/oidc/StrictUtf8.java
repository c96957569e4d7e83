// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.oidc;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON is UTF-8 (RFC 8259, 8.1): no other encoding is guessed, and no broken sequence replaced. */
final class StrictUtf8 {
    private StrictUtf8() {}

    static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
}
