// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.authz;

import io.hyperspot.gts.GtsPattern;
import io.hyperspot.security.Permission;
import io.hyperspot.security.SecurityContext;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The policy decision point. An OSGi service, thread-safe; answers from memory. Denies by default, and
 * whenever it cannot tell: rules that are not loaded, a condition that fails.
 */
@ProviderType
public interface Authorization {
    /**
     * The door's question, for a caller that has been authenticated.
     *
     * @param from where the request comes from, as the connection says, or null when that is not known
     * @return the caller with all that is granted to it, so that {@link SecurityContext#allows} says the
     *     same as the door
     * @throws io.hyperspot.modkit.ProblemException PERMISSION_DENIED, or UNAVAILABLE when the rules are not
     *     known now
     */
    SecurityContext admit(SecurityContext caller, Permission needed, @Nullable InetAddress from);

    /** Decides, and says which rule it was. */
    Decision decide(AccessRequest request);

    /**
     * Which resources of a type a caller may do something to, those included that are granted one by one.
     *
     * @param caller as {@link #admit} gave it
     * @param id null: any
     */
    AccessScope scope(SecurityContext caller, GtsPattern type, String action, @Nullable String id);
}
