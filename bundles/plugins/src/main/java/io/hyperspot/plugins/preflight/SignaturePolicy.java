// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.plugins.preflight;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** Whose signature a plugin must have, made with {@code jarsigner}. */
public final class SignaturePolicy {
    /** What becomes of a plugin without a signature that is trusted. */
    public enum Mode {
        OFF,
        WARN,
        REQUIRE
    }

    /** Nobody's. */
    public static final SignaturePolicy NONE = new SignaturePolicy(Mode.OFF, Set.of());

    private static final String SIGN = "sign it: jarsigner -keystore <file> plugin.jar <alias>";

    private final Mode mode;
    private final Set<X509Certificate> trusted;

    private SignaturePolicy(Mode mode, Set<X509Certificate> trusted) {
        this.mode = mode;
        this.trusted = trusted;
    }

    /**
     * @param mode a mode's name, in any case
     * @param certificates a PEM file; signers' certificates, or authorities'. Not read when the mode is off
     * @throws IOException when it cannot be read, or has no certificate
     */
    public static SignaturePolicy of(String mode, Path certificates) throws IOException {
        Mode parsed = Mode.valueOf(mode.toUpperCase(Locale.ROOT));
        if (parsed == Mode.OFF) {
            return NONE;
        }
        Set<X509Certificate> trusted = new HashSet<>();
        try (InputStream in = Files.newInputStream(certificates)) {
            CertificateFactory.getInstance("X.509").generateCertificates(in).forEach(certificate -> {
                if (certificate instanceof X509Certificate x509) {
                    trusted.add(x509);
                }
            });
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + certificates + " with the trusted certificates", e);
        } catch (GeneralSecurityException e) {
            throw new IOException(certificates + " has no certificates in PEM form: " + e.getMessage(), e);
        }
        if (trusted.isEmpty()) {
            throw new IOException(certificates + " has no certificates in PEM form");
        }
        return new SignaturePolicy(parsed, trusted);
    }

    /** Reads the whole JAR, whose size was checked before. */
    void check(Path file, Findings findings) {
        if (mode == Mode.OFF) {
            return;
        }
        Set<CodeSigner> everywhere = null;
        try (JarFile jar = new JarFile(file.toFile(), true)) {
            for (JarEntry entry : jar.stream().filter(SignaturePolicy::isSignable).toList()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
                CodeSigner[] signers = entry.getCodeSigners();
                if (signers == null) {
                    report(findings, "SIGNATURE_MISSING", "a signature of every entry", entry.getName() + " has none", SIGN);
                    return;
                }
                if (everywhere == null) {
                    everywhere = new HashSet<>(List.of(signers));
                } else {
                    everywhere.retainAll(List.of(signers));
                }
            }
        } catch (SecurityException | IOException e) {
            findings.error(
                    "SIGNATURE_BROKEN",
                    "a signature that fits the content",
                    String.valueOf(e.getMessage()),
                    "the JAR was changed after it was signed: get it again from its vendor");
            return;
        }
        Set<CodeSigner> signers = everywhere == null ? Set.of() : everywhere;
        if (signers.stream().noneMatch(this::isTrusted)) {
            report(
                    findings,
                    "SIGNER_UNKNOWN",
                    "a signature by one of the trusted certificates (plugins.trusted_certificates)",
                    signers.stream().map(SignaturePolicy::name).collect(Collectors.joining(", ")),
                    "add the signer's certificate to that file, if you trust it");
        } else {
            findings.info("SIGNED", "signed by " + signers.stream().map(SignaturePolicy::name).collect(Collectors.joining(", ")));
        }
    }

    private void report(Findings findings, String code, String needs, String present, String fix) {
        if (mode == Mode.REQUIRE) {
            findings.error(code, needs, present, fix);
        } else {
            findings.warning(code, "it lacks " + needs, present, fix);
        }
    }

    /** The signature's own files are not signed, nor are folders. */
    private static boolean isSignable(JarEntry entry) {
        String name = entry.getName().toUpperCase(Locale.ROOT);
        boolean own = name.startsWith("META-INF/")
                && name.indexOf('/', "META-INF/".length()) < 0
                && (name.endsWith(".SF")
                        || name.endsWith(".RSA")
                        || name.endsWith(".DSA")
                        || name.endsWith(".EC")
                        || name.equals(JarFile.MANIFEST_NAME)
                        || name.startsWith("META-INF/SIG-"));
        return !own && !entry.isDirectory();
    }

    private boolean isTrusted(CodeSigner signer) {
        if (trusted.contains(signer.getSignerCertPath().getCertificates().getFirst())) {
            return true;
        }
        try {
            PKIXParameters parameters =
                    new PKIXParameters(trusted.stream().map(one -> new TrustAnchor(one, null)).collect(Collectors.toSet()));
            // lists of revoked certificates would need the network
            parameters.setRevocationEnabled(false);
            if (signer.getTimestamp() != null) {
                parameters.setDate(signer.getTimestamp().getTimestamp());
            }
            CertPathValidator.getInstance("PKIX").validate(signer.getSignerCertPath(), parameters);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String name(CodeSigner signer) {
        return signer.getSignerCertPath().getCertificates().getFirst() instanceof X509Certificate certificate
                ? certificate.getSubjectX500Principal().getName()
                : "an unknown signer";
    }
}
