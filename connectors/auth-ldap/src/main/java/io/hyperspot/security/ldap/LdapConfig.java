// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(
        name = "auth-ldap",
        description = "LDAP directories and Active Directory, one an instance: people log in with the password that they have there.")
@interface LdapConfig {
    @AttributeDefinition(
            name = "urls",
            description = "The servers of one directory, ldap://HOST or ldaps://HOST with a port if it is another; the next is asked"
                    + " when one is away.")
    String[] urls();

    @AttributeDefinition(
            name = "security",
            description = "STARTTLS, LDAPS, or PLAIN, which is possible to servers on this machine only.")
    String security() default "STARTTLS";

    @AttributeDefinition(
            name = "trust_file",
            description = "The certificates of the authorities that the servers' certificates are from, as PEM or PKCS #12. Empty: the"
                    + " authorities that Java knows.")
    String trust__file() default "";

    @AttributeDefinition(
            name = "trust_password",
            description = "Of a PKCS #12 file. Best as ${secret:NAME}, ${env:NAME} or ${file:PATH}.",
            type = AttributeType.PASSWORD)
    String _trust__password() default "";

    @AttributeDefinition(
            name = "bind_dn",
            description = "The account with which people are looked up; it needs to read, not to write. Empty: anonymously.")
    String bind__dn() default "";

    @AttributeDefinition(
            name = "bind_password",
            description = "That account's password. Best as ${secret:NAME}, ${env:NAME} or ${file:PATH}.",
            type = AttributeType.PASSWORD)
    String _bind__password() default "";

    @AttributeDefinition(name = "user_base", description = "People are below this DN, for example ou=people,dc=example,dc=com.")
    String user__base();

    @AttributeDefinition(
            name = "user_filter",
            description = "Who a name means; {0} is the name. Exactly one entry must match. For Active Directory for example"
                    + " (&(objectCategory=person)(sAMAccountName={0})).")
    String user__filter() default "(uid={0})";

    @AttributeDefinition(
            name = "subject_attribute",
            description = "What a person is known by here: it must never change and never be given to anybody else. objectGUID for"
                    + " Active Directory.")
    String subject__attribute() default "entryUUID";

    @AttributeDefinition(
            name = "name_attribute",
            description = "The name for lists and audits; where it is missing cn, or the name of the login.")
    String name__attribute() default "displayName";

    @AttributeDefinition(
            name = "tenant",
            description = "The tenant of everybody from this directory, a UUID. Either this or tenant_attribute.")
    String tenant() default "";

    @AttributeDefinition(
            name = "tenant_attribute",
            description = "The attribute that holds the tenant's UUID; whoever has none, or one that 'tenants' does not list, is"
                    + " refused.")
    String tenant__attribute() default "";

    @AttributeDefinition(
            name = "tenants",
            description = "The tenants that tenant_attribute may name; never the root tenant.")
    String[] tenants() default {};

    @AttributeDefinition(
            name = "groups_attribute",
            description = "The attribute of a person that holds the DNs of the groups, unless group_filter is set. Empty: none.")
    String groups__attribute() default "memberOf";

    @AttributeDefinition(
            name = "group_base",
            description = "Groups below this DN count, by their name; what is elsewhere could have been named by somebody else. Empty:"
                    + " only those in group_names.")
    String group__base() default "";

    @AttributeDefinition(
            name = "group_filter",
            description = "Looks groups up below group_base, for example (member={0}), where {0} is the person's DN, or what"
                    + " group_member says. For Active Directory (member:1.2.840.113556.1.4.1941:={0}) finds nested groups too.")
    String group__filter() default "";

    @AttributeDefinition(
            name = "group_member",
            description = "The attribute of the person that group_filter compares, for example uid for (memberUid={0}). Empty: the DN.")
    String group__member() default "";

    @AttributeDefinition(name = "group_name_attribute", description = "The attribute that holds a group's name.")
    String group__name__attribute() default "cn";

    @AttributeDefinition(
            name = "group_names",
            description = "Groups that are called otherwise here, each as NAME=DN.")
    String[] group__names() default {};

    @AttributeDefinition(
            name = "groups_prefix",
            description = "Put before each group's name, so that equal names of two directories are two groups.")
    String groups__prefix() default "";

    @AttributeDefinition(
            name = "group_depth",
            description = "How far groups within groups are followed. 0: the person's own groups only.",
            min = "0",
            max = "10")
    int group__depth() default 0;

    @AttributeDefinition(
            name = "max_groups",
            description = "Whoever is in more groups is refused, for a part of them would be other rights than all.",
            min = "1",
            max = "1000")
    int max__groups() default 200;

    @AttributeDefinition(
            name = "connections",
            description = "Connections for looking up, and as many for checking passwords.",
            min = "1",
            max = "64")
    int connections() default 4;

    @AttributeDefinition(
            name = "wait_seconds",
            description = "The longest that a login waits for a connection that is free; then it is answered 503.",
            min = "1",
            max = "60")
    int wait__seconds() default 5;

    @AttributeDefinition(
            name = "timeout_seconds",
            description = "The longest that connecting, and one answer of the directory, may take.",
            min = "1",
            max = "60")
    int timeout__seconds() default 5;

    @AttributeDefinition(
            name = "refusal_millis",
            description = "A refusal is answered not sooner than this after the attempt, whatever the reason, so that the time does not"
                    + " tell whether a name exists. More than the directory takes for a wrong password.",
            min = "0",
            max = "5000")
    int refusal__millis() default 300;
}
