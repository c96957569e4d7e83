// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import io.hyperspot.security.TenantId;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** What requests are counted for. Each has a text of its own, by which servers tell each other of it. */
sealed interface RateKey {
    String text();

    /** A network that sends requests. */
    record Address(InetAddress network) implements RateKey {
        @Override
        public String text() {
            return "address\n" + network.getHostAddress();
        }
    }

    /** A network that sends wrong credentials. */
    record Guesses(InetAddress network) implements RateKey {
        @Override
        public String text() {
            return "guesses\n" + network.getHostAddress();
        }
    }

    record Tenant(TenantId id) implements RateKey {
        @Override
        public String text() {
            return "tenant\n" + id;
        }
    }

    record Subject(TenantId tenant, String name) implements RateKey {
        @Override
        public String text() {
            return "subject\n" + tenant + '\n' + name;
        }
    }

    /**
     * An operation.
     *
     * @param most a minute
     * @param by the tenant or the network that calls it
     */
    record Call(String operation, int most, String by) implements RateKey {
        @Override
        public String text() {
            return "call\n" + most + '\n' + by + '\n' + operation;
        }
    }

    /** Null for a text that no key of this version has. */
    static @Nullable RateKey parse(String text) {
        String[] parts = text.split("\n", 4);
        try {
            return switch (parts[0]) {
                case "address" -> new Address(InetAddress.ofLiteral(parts[1]));
                case "guesses" -> new Guesses(InetAddress.ofLiteral(parts[1]));
                case "tenant" -> new Tenant(TenantId.of(parts[1]));
                case "subject" -> new Subject(TenantId.of(parts[1]), text.split("\n", 3)[2]);
                case "call" -> new Call(parts[3], Integer.parseInt(parts[1]), parts[2]);
                default -> null;
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }
}
