// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.util.ssl.SSLSocketVerifier;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/** Java does not look at the dates of a server's certificate that is itself in the trust file. */
final class UnexpiredOnly extends SSLSocketVerifier {
    @Override
    public void verifySSLSocket(String host, int port, SSLSocket socket) throws LDAPException {
        try {
            for (Certificate each : socket.getSession().getPeerCertificates()) {
                if (each instanceof X509Certificate certificate) {
                    certificate.checkValidity();
                }
            }
        } catch (SSLPeerUnverifiedException | CertificateException e) {
            throw new LDAPException(ResultCode.CONNECT_ERROR, "the certificate of " + host + " is not valid now", e);
        }
    }
}
