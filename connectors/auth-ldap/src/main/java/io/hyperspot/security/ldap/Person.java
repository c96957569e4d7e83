// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.Entry;
import io.hyperspot.security.TenantId;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who an entry is. Its attributes are data that others wrote: what does not fit is refused. */
record Person(String subject, String name, TenantId tenant) {
    private static final String BINARY_ID = "objectGUID";

    /** An entry that cannot be let in; the message is for operators and names nobody. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    static Person of(Entry entry, LdapSettings settings, TypedName typed) throws UnusableException {
        String id = id(entry, settings.subjectAttribute())
                .orElseThrow(() -> new UnusableException("the entry has no usable " + settings.subjectAttribute()
                        + "; the account of 'bind_dn' must be able to read it"));
        String name = Texts.name(entry, settings.nameAttribute())
                .or(() -> Texts.name(entry, "cn"))
                .orElse(typed.text());
        return new Person("ldap:" + settings.name() + ":" + id, name, tenant(entry, settings.tenants()));
    }

    private static Optional<String> id(Entry entry, String attribute) {
        if (attribute.equalsIgnoreCase(BINARY_ID)) {
            byte[][] values = entry.getAttributeValueByteArrays(attribute);
            return values != null && values.length == 1 && values[0].length == 16
                    ? Optional.of(guid(values[0]).toString())
                    : Optional.empty();
        }
        return Texts.only(entry, attribute)
                .filter(Texts::isName)
                .map(text -> uuid(text) == null ? text : text.toLowerCase(Locale.ROOT));
    }

    /** Its first three fields have the lowest byte first (MS-DTYP, section 2.3.4.2). */
    private static UUID guid(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long high = Integer.toUnsignedLong(Integer.reverseBytes(buffer.getInt())) << 32
                | Integer.toUnsignedLong(Short.toUnsignedInt(Short.reverseBytes(buffer.getShort()))) << 16
                | Short.toUnsignedLong(Short.reverseBytes(buffer.getShort()));
        return new UUID(high, buffer.getLong());
    }

    private static TenantId tenant(Entry entry, LdapSettings.Tenants tenants) throws UnusableException {
        TenantId fixed = tenants.fixed();
        if (fixed != null) {
            return fixed;
        }
        UUID named = Texts.only(entry, tenants.attribute()).map(Person::uuid).orElse(null);
        if (named == null || !tenants.listed().contains(new TenantId(named))) {
            throw new UnusableException("the entry's " + tenants.attribute() + " is not one tenant of those in 'tenants'");
        }
        return new TenantId(named);
    }

    /** Null for what is no UUID in full: UUID.fromString takes short forms. */
    private static @Nullable UUID uuid(String text) {
        try {
            UUID uuid = UUID.fromString(text);
            return uuid.toString().equalsIgnoreCase(text) ? uuid : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A person's name is in no log. */
    @Override
    public String toString() {
        return "Person[" + subject + "]";
    }
}
