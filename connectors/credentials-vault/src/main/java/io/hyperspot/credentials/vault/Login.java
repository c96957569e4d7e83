// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.vault;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyperspot.credentials.vault.VaultSettings.Auth;
import java.util.function.Supplier;

/**
 * A login at an auth method.
 *
 * @param mount of the method
 * @param body what is sent, with what the file holds now
 */
record Login(String mount, Supplier<ObjectNode> body) {
    static Login of(VaultSettings settings, VaultHttp http, Problems problems) {
        String role = settings.role();
        CredentialFile file =
                settings.credentialFile().isEmpty() ? null : new CredentialFile(settings.credentialFile(), problems);
        return new Login(settings.authMount(), () -> {
            ObjectNode body = http.object();
            if (settings.auth() == Auth.KUBERNETES) {
                body.put("role", role);
            } else {
                body.put("role_id", role);
            }
            if (file != null) {
                body.put(settings.auth() == Auth.KUBERNETES ? "jwt" : "secret_id", file.read());
            }
            return body;
        });
    }

    String path() {
        return "auth/" + mount + "/login";
    }
}
