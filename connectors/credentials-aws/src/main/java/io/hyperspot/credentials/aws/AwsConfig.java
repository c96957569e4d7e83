// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.credentials.aws;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
        name = "credentials-aws",
        description = "Secrets in AWS Secrets Manager, in one region of one account an instance; the instance's name is what"
                + " secrets say in store, and must stay what it is.")
@interface AwsConfig {
    @AttributeDefinition(name = "region", description = "The region, for example eu-central-1.")
    String region();

    @AttributeDefinition(
            name = "endpoint",
            description = "Where Secrets Manager is, for a VPC endpoint or another partition; https unless it is on this machine."
                    + " Empty: AWS's own for the region.")
    String endpoint() default "";

    @AttributeDefinition(
            name = "prefix",
            description = "What the names begin with: <prefix>/<tenant>/<secret>. Nothing else may write there.")
    String prefix() default "hyperspot";

    @AttributeDefinition(
            name = "kms_key",
            description = "The KMS key of new secrets, an ARN, id or alias; empty: the account's aws/secretsmanager.")
    String kms__key() default "";

    @AttributeDefinition(
            name = "credentials",
            description = "Where the access key is: configured, in the three keys below; environment, in AWS_ACCESS_KEY_ID,"
                    + " AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; file, in a credentials file as the AWS CLI has it.",
            options = {
                @Option(label = "configured", value = "configured"),
                @Option(label = "environment", value = "environment"),
                @Option(label = "file", value = "file")
            })
    String credentials() default "environment";

    @AttributeDefinition(name = "access_key_id", description = "For configured: the id of the access key.")
    String access__key__id() default "";

    @AttributeDefinition(
            name = "secret_access_key",
            description = "For configured: the access key. Best as ${secret:NAME} of a secret in another store, ${env:NAME} or"
                    + " ${file:PATH}.",
            type = AttributeType.PASSWORD)
    String _secret__access__key() default "";

    @AttributeDefinition(
            name = "session_token",
            description = "For configured: the token that belongs to a temporary access key; empty: it is no temporary one.",
            type = AttributeType.PASSWORD)
    String _session__token() default "";

    @AttributeDefinition(
            name = "credentials_file",
            description = "For file: the credentials file. It is read at every use, so whoever renews the access key only writes it.")
    String credentials__file() default "";

    @AttributeDefinition(name = "profile", description = "For file: the profile in it.")
    String profile() default "default";

    @AttributeDefinition(
            name = "recovery_days",
            description = "For how many days AWS keeps a deleted secret, so that it can be restored there: 7 to 30; 0: it is gone at"
                    + " once.",
            min = "0",
            max = "30")
    int recovery__days() default 7;

    @AttributeDefinition(
            name = "timeout_seconds",
            description = "How long one request may take; what needs several, or is throttled, may take three times as long.",
            min = "1",
            max = "60")
    int timeout__seconds() default 5;

    @AttributeDefinition(
            name = "takeover_seconds",
            description = "How old the value of a version must be until another value replaces it. A younger one may be what another"
                    + " server is about to commit; an older one was left by a write that failed.",
            min = "1",
            max = "3600")
    int takeover__seconds() default 120;

    @AttributeDefinition(
            name = "max_connections",
            description = "Connections to AWS at most; further calls wait for one, for as long as one request may take.",
            min = "1",
            max = "1000")
    int max__connections() default 32;
}
