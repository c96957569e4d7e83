// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import java.util.Optional;

/** The token that Vault Agent, or whoever else renews it, keeps in a file. */
final class TokenFile implements Tokens {
    private final CredentialFile file;

    TokenFile(CredentialFile file) {
        this.file = file;
    }

    @Override
    public String current(Deadline deadline) {
        return file.read();
    }

    @Override
    public Optional<String> instead(String refused, Deadline deadline) {
        return Optional.of(file.read()).filter(token -> !token.equals(refused));
    }
}
