// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

/** Identifiers of the standards. */
final class Names {
    static final String PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
    static final String ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
    static final String METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";
    static final String SIGNATURE = "http://www.w3.org/2000/09/xmldsig#";
    static final String REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
    static final String POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
    static final String PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    static final String BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    static final String STATUS = "urn:oasis:names:tc:SAML:2.0:status:";

    private Names() {}
}
