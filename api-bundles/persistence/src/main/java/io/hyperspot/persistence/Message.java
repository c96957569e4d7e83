// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.persistence;

import io.hyperspot.security.TenantId;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a transaction tells other modules: it leaves if and only if the transaction is committed. Immutable.
 *
 * @param topic lower-case letters, digits, dots and underscores; who handles it is found by it
 * @param tenant whom it concerns
 * @param fields its content; holds no secret
 */
public record Message(String topic, TenantId tenant, Map<String, String> fields) {
    private static final Pattern TOPIC = Pattern.compile("[a-z][a-z0-9._]{0,62}");

    /**
     * @throws IllegalArgumentException when the topic is malformed
     */
    public Message {
        if (!TOPIC.matcher(topic).matches()) {
            throw new IllegalArgumentException("'" + topic + "' is no topic");
        }
        fields = Map.copyOf(fields);
    }
}
