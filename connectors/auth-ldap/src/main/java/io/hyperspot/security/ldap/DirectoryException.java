// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import org.jspecify.annotations.Nullable;

/** The directory could not be asked, or gave no answer that can be used. The message is for operators, and names nobody. */
final class DirectoryException extends Exception {
    private static final long serialVersionUID = 1L;

    DirectoryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static DirectoryException of(String what, LDAPException e) {
        return new DirectoryException(what + ": " + reason(e), e);
    }

    /** A server's own words could hold a person's name: only what this side says about connections is told. */
    private static String reason(LDAPException e) {
        ResultCode code = e.getResultCode();
        boolean own = code.equals(ResultCode.CONNECT_ERROR)
                || code.equals(ResultCode.SERVER_DOWN)
                || code.equals(ResultCode.TIMEOUT)
                || code.equals(ResultCode.LOCAL_ERROR);
        return own ? code.getName() + " (" + e.getExceptionMessage() + ")" : code.toString();
    }
}
