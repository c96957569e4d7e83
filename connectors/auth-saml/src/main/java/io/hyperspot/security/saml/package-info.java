// SPDX-License-Identifier: Apache-2.0
/**
 * Login at SAML 2.0 identity providers: a service provider of the Web Browser SSO profile (SAML Profiles, 4.1),
 * which asks by HTTP-Redirect and takes the answer by HTTP-POST.
 *
 * <p>It stands on the JDK alone: XML Signature with secure validation, and a reader that takes what the schema
 * allows and this profile needs, nothing else. Attacks on SAML live between the part that verifies and the part
 * that reads: a wrapped element (XSW), a comment that cuts a text, a second parser that sees another document. A
 * library brings both parts with options for everything that the standard allows, and those options are what was
 * broken again and again. Here the seam is closed by construction: what is read is parsed from the very bytes
 * that were digested for the verified signature ({@link io.hyperspot.security.saml.SignedElement}). The libraries
 * at hand would also bring an old copy of the XML Signature code that the JDK keeps patched.
 *
 * <p>Encrypted assertions are refused: the answer comes through TLS and the person's own browser, and XML
 * Encryption without authentication is an oracle of its own.
 */
@NullMarked
package io.hyperspot.security.saml;

import org.jspecify.annotations.NullMarked;
