// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

/**
 * What requests are signed with.
 *
 * @param token of a temporary key, or empty
 */
record AccessKey(String id, String secret, String token) {
    /** Without what must not be seen. */
    @Override
    public String toString() {
        return "access key";
    }
}
