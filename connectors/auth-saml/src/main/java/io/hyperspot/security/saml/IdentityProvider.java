// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.saml;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The other side: its name, its page and its keys. Immutable.
 *
 * @param wantsSigned whether it says that it takes signed requests only
 */
record IdentityProvider(String entityId, URI page, List<X509Certificate> certificates, boolean wantsSigned) {
    private static final int LONGEST_FILE = 1 << 20;
    private static final int LONGEST_NAME = 1024;

    /** As many keys are tried for an answer. */
    private static final int MOST_CERTIFICATES = 8;

    IdentityProvider {
        certificates = List.copyOf(certificates);
        if (entityId.isBlank() || entityId.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("'idp_entity_id' must be set, to at most 1024 characters");
        }
        if (certificates.isEmpty() || certificates.size() > MOST_CERTIFICATES) {
            throw new IllegalArgumentException("there must be one to " + MOST_CERTIFICATES + " certificates for signatures");
        }
    }

    /** What is wrong is an IllegalArgumentException for the operator. */
    static IdentityProvider of(SamlConfig config) {
        boolean single = !config.idp__entity__id().isBlank() || !config.sso__url().isBlank() || config.certificates().length > 0;
        if (config.metadata__file().isBlank()) {
            return new IdentityProvider(
                    config.idp__entity__id().strip(),
                    Addresses.checked("'sso_url'", config.sso__url().strip()),
                    Stream.of(config.certificates()).map(Pem::certificates).flatMap(List::stream).distinct().toList(),
                    false);
        }
        if (single) {
            throw new IllegalArgumentException("'metadata_file' stands instead of 'idp_entity_id', 'sso_url' and 'certificates'");
        }
        try (InputStream file = Files.newInputStream(Path.of(config.metadata__file().strip()))) {
            byte[] bytes = file.readNBytes(LONGEST_FILE + 1);
            if (bytes.length > LONGEST_FILE) {
                throw new IllegalArgumentException("the file of 'metadata_file' is too long: keep the one provider in it");
            }
            return ofMetadata(Xml.parse(bytes).getDocumentElement());
        } catch (IOException e) {
            throw new IllegalArgumentException("the file of 'metadata_file' cannot be read", e);
        } catch (AnswerException e) {
            throw new IllegalArgumentException("the file of 'metadata_file' cannot be used: " + e.getMessage(), e);
        }
    }

    /** SAML Metadata, 2.4.3. Its own signature is not looked at: the file is the operator's. */
    private static IdentityProvider ofMetadata(Element entity) throws AnswerException {
        if (!Xml.is(entity, Names.METADATA, "EntityDescriptor")) {
            throw AnswerException.because("it must be one EntityDescriptor");
        }
        NodeList roles = entity.getElementsByTagNameNS(Names.METADATA, "IDPSSODescriptor");
        if (roles.getLength() != 1) {
            throw AnswerException.because("it must have one IDPSSODescriptor");
        }
        Element role = (Element) roles.item(0);
        URI page = null;
        List<X509Certificate> certificates = new ArrayList<>();
        for (Element part : Children.of(role).rest()) {
            if (Xml.is(part, Names.METADATA, "SingleSignOnService") && Names.REDIRECT.equals(Xml.attribute(part, "Binding"))) {
                page = page == null ? Addresses.checked("the SingleSignOnService", String.valueOf(Xml.attribute(part, "Location"))) : page;
            } else if (Xml.is(part, Names.METADATA, "KeyDescriptor") && !"encryption".equals(Xml.attribute(part, "use"))) {
                NodeList texts = part.getElementsByTagNameNS(Names.SIGNATURE, "X509Certificate");
                for (int i = 0; i < texts.getLength(); i++) {
                    certificates.add(Pem.certificate(Xml.text((Element) texts.item(i))));
                }
            }
        }
        if (page == null) {
            throw AnswerException.because("it has no SingleSignOnService with HTTP-Redirect");
        }
        String wants = Xml.attribute(role, "WantAuthnRequestsSigned");
        return new IdentityProvider(
                String.valueOf(Xml.attribute(entity, "entityID")),
                page,
                certificates.stream().distinct().toList(),
                wants != null && Set.of("true", "1").contains(wants));
    }

    List<PublicKey> keys() {
        return certificates.stream().map(X509Certificate::getPublicKey).toList();
    }

    /**
     * When the last certificate ends. It is used beyond that (SAML Metadata Interoperability Profile, 2.6.1: a
     * certificate is the envelope of a key), but operators should know.
     */
    @Nullable Instant lastEnd() {
        return certificates.stream().map(each -> each.getNotAfter().toInstant()).max(Instant::compareTo).orElse(null);
    }
}
