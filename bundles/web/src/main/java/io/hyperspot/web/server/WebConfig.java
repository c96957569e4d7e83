// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.web.server;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "web", description = "The HTTP server.")
@interface WebConfig {
    @AttributeDefinition(name = "host", description = "Address to bind to. Loopback unless you say otherwise.")
    String host() default "127.0.0.1";

    @AttributeDefinition(name = "port", description = "TCP port; 0 takes a free one.")
    int port() default 8087;

    @AttributeDefinition(name = "max_body_bytes", description = "Largest request body of a REST operation.")
    int max__body__bytes() default 16_777_216;

    @AttributeDefinition(name = "max_header_bytes", description = "Largest request line and headers together.")
    int max__header__bytes() default 16_384;

    @AttributeDefinition(name = "max_in_flight", description = "Requests at work at once; more are answered 503.")
    int max__in__flight() default 10_000;

    @AttributeDefinition(
            name = "max_in_flight_per_tenant",
            description = "Requests of one tenant at work at once, streams included; more are answered 429. 0: three quarters of max_in_flight.")
    int max__in__flight__per__tenant() default 0;

    @AttributeDefinition(name = "rate_limit_tenant_per_minute", description = "Requests of one tenant a minute; more are answered 429. 0: no limit.")
    int rate__limit__tenant__per__minute() default 0;

    @AttributeDefinition(name = "rate_limit_subject_per_minute", description = "Requests of one key or user a minute; more are answered 429. 0: no limit.")
    int rate__limit__subject__per__minute() default 0;

    @AttributeDefinition(
            name = "rate_limit_address_per_minute",
            description = "Requests from one address a minute, whoever sends them; more are answered 429. This machine is not limited. 0: no limit.")
    int rate__limit__address__per__minute() default 0;

    @AttributeDefinition(
            name = "rate_limit_failed_credentials_per_minute",
            description = "Wrong credentials from one address a minute; after more of them even a right one is answered 429. This machine is not"
                    + " limited. 0: no limit.")
    int rate__limit__failed__credentials__per__minute() default 60;

    @AttributeDefinition(
            name = "rate_limit_operations",
            description = "Calls of single operations a minute by one tenant, such as 'POST /security/v1/api-keys=20'; 0: no limit.")
    String[] rate__limit__operations() default {};

    @AttributeDefinition(
            name = "rate_limit_shared",
            description = "Whether the servers of one database count together. Each knows within about a second what the others let through; what"
                    + " was too much is waited for longer. Otherwise each counts by itself.")
    boolean rate__limit__shared() default false;

    @AttributeDefinition(
            name = "trusted_proxies",
            description = "Addresses and blocks of proxies whose X-Forwarded-For tells where a request comes from. None by default.")
    String[] trusted__proxies() default {};

    @AttributeDefinition(name = "body_timeout_seconds", description = "Longest wait for the next bytes of a request body.")
    int body__timeout__seconds() default 30;

    @AttributeDefinition(name = "request_timeout_seconds", description = "Longest life of a request whose operation sets no deadline of its own.")
    int request__timeout__seconds() default 60;

    @AttributeDefinition(name = "total_timeout_seconds", description = "Longest life of any request, streams included, whatever its operation sets.")
    int total__timeout__seconds() default 3600;

    @AttributeDefinition(name = "stream_heartbeat_seconds", description = "After this long without an event a stream sends a comment; 0: never.")
    int stream__heartbeat__seconds() default 15;

    @AttributeDefinition(name = "stream_idle_timeout_seconds", description = "Longest time between two events of a stream; 0: no limit.")
    int stream__idle__timeout__seconds() default 300;

    @AttributeDefinition(name = "idle_timeout_seconds", description = "Longest life of an idle connection.")
    int idle__timeout__seconds() default 600;

    @AttributeDefinition(name = "stop_timeout_seconds", description = "How long requests at work may go on at a stop.")
    int stop__timeout__seconds() default 5;

    @AttributeDefinition(name = "cors_allowed_origins", description = "Origins that browsers may call from, for every tenant; '*' for any. None by default.")
    String[] cors__allowed__origins() default {};

    @AttributeDefinition(
            name = "cors_tenant_origins",
            description = "Further origins of single tenants, such as '0192f0c1-2345-7000-8000-00000000000a=https://app.example'.")
    String[] cors__tenant__origins() default {};

    @AttributeDefinition(name = "compression", description = "Whether answers are compressed with Brotli or gzip when the client accepts it.")
    boolean compression() default true;

    @AttributeDefinition(name = "access_log", description = "Whether logs/access.log is written.")
    boolean access__log() default true;

    @AttributeDefinition(name = "tls_keystore", description = "PKCS#12 file with the server's certificate; empty: no TLS.")
    String tls__keystore() default "";

    @AttributeDefinition(name = "tls_keystore_password", description = "Its password.", type = AttributeType.PASSWORD)
    String _tls__keystore__password() default "";
}
