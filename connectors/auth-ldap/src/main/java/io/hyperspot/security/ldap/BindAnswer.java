// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.BindResult;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.controls.PasswordExpiredControl;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ErrorType;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a directory made of a person's password. The caller is never told why it was refused, for most reasons
 * tell that the password is right.
 *
 * @param reason for a log, without any name; empty when it is right
 */
record BindAnswer(boolean right, String reason) {
    /** Answers that are about the person, not about the server. */
    private static final Set<ResultCode> ABOUT_THE_PERSON = Set.of(
            ResultCode.INVALID_CREDENTIALS,
            ResultCode.NO_SUCH_OBJECT,
            ResultCode.INAPPROPRIATE_AUTHENTICATION,
            ResultCode.INSUFFICIENT_ACCESS_RIGHTS,
            ResultCode.CONSTRAINT_VIOLATION,
            ResultCode.UNWILLING_TO_PERFORM,
            ResultCode.AUTHORIZATION_DENIED);

    /** Of Active Directory: "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e, v4563". */
    private static final Pattern DATA = Pattern.compile("\\bdata ([0-9a-fA-F]{1,8})\\b");

    private static final Map<String, String> DATA_REASONS = Map.of(
            "525", "no such user",
            "52e", "wrong password",
            "530", "not at this time",
            "531", "not from this machine",
            "532", "password expired",
            "533", "account disabled",
            "568", "too many security groups",
            "701", "account expired",
            "773", "password must be changed",
            "775", "account locked");

    static BindAnswer of(BindResult result) {
        if (!result.getResultCode().equals(ResultCode.SUCCESS)) {
            return new BindAnswer(false, result.getResultCode().getName());
        }
        // a success that lets the person do nothing but choose another password
        DraftBeheraLDAPPasswordPolicy10ErrorType error = error(result.getResponseControl(policyOid()));
        if (error != null) {
            return new BindAnswer(false, error.getName());
        }
        if (result.getResponseControl(PasswordExpiredControl.PASSWORD_EXPIRED_OID) != null) {
            return new BindAnswer(false, "password must be changed");
        }
        return new BindAnswer(true, "");
    }

    /** Null when it tells nothing of the person. */
    static @Nullable BindAnswer of(LDAPException e) {
        if (!ABOUT_THE_PERSON.contains(e.getResultCode())) {
            return null;
        }
        return new BindAnswer(false, reason(e.toLDAPResult()));
    }

    private static String reason(LDAPResult result) {
        DraftBeheraLDAPPasswordPolicy10ErrorType error = error(result.getResponseControl(policyOid()));
        if (error != null) {
            return error.getName();
        }
        if (result.getResponseControl(PasswordExpiredControl.PASSWORD_EXPIRED_OID) != null) {
            return "password expired";
        }
        String message = result.getDiagnosticMessage();
        Matcher data = DATA.matcher(message == null ? "" : message);
        // of the message itself only the number, for the rest may hold the person's name
        return data.find()
                ? DATA_REASONS.getOrDefault(data.group(1).toLowerCase(java.util.Locale.ROOT), "data " + data.group(1))
                : result.getResultCode().getName();
    }

    private static String policyOid() {
        return DraftBeheraLDAPPasswordPolicy10ResponseControl.PASSWORD_POLICY_RESPONSE_OID;
    }

    private static @Nullable DraftBeheraLDAPPasswordPolicy10ErrorType error(@Nullable Control control) {
        if (control == null) {
            return null;
        }
        try {
            return new DraftBeheraLDAPPasswordPolicy10ResponseControl(control.getOID(), control.isCritical(), control.getValue())
                    .getErrorType();
        } catch (LDAPException e) {
            // what cannot be read is no error that it names; the result itself decides
            return null;
        }
    }
}
