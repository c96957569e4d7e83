// SPDX-License-Identifier: Apache-2.0
package io.hyperspot.security.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.sdk.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FilterTemplateTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "(uid={0}); alice; (uid=alice)",
        "(uid={0}); *)(uid=*; (uid=\\2a\\29\\28uid=\\2a)",
        "(uid={0}); a\\b; (uid=a\\5cb)",
        "(uid={0}); {0}; (uid={0})",
        "(userPrincipalName={0}@corp.example); alice; (userPrincipalName=alice@corp.example)",
        "(&(objectClass=person)(|(uid={0})(mail={0}))(!(employeeType=left))); x)(y; "
                + "(&(objectClass=person)(|(uid=x\\29\\28y)(mail=x\\29\\28y))(!(employeeType=left)))",
        "(member:1.2.840.113556.1.4.1941:={0}); cn=a*; (member:1.2.840.113556.1.4.1941:=cn=a\\2a)",
        "(cn~={0}); (x); (cn~=\\28x\\29)",
        "(&(ou=a*b)(uid={0})); x; (&(ou=a*b)(uid=x))"
    })
    void putsAValueIntoItsPlaceOnly(String template, String value, String filter) {
        assertThat(FilterTemplate.of("user_filter", template).with(value)).hasToString(filter);
    }

    @Test
    void keepsTheStructureWhateverTheValue() throws Exception {
        String nasty = "\0()*\\&|!=~<>:/ü\ud83d\ude00";
        Filter filter = FilterTemplate.of("user_filter", "(&(objectClass=person)(uid={0}))").with(nasty);
        Filter read = Filter.create(filter.toString());
        assertThat(read.getComponents()).hasSize(2);
        assertThat(read.getComponents()[1].getAssertionValue()).isEqualTo(nasty);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "uid={0", "(uid=alice)", "(uid={0}*)", "(uid=*{0}*)", "({0}=alice)", "(!(uid={0}))", "(&(a=b)(!(|(uid={0}))))", "(uid>={0})"})
    void takesNoOtherPlace(String template) {
        assertThatThrownBy(() -> FilterTemplate.of("user_filter", template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'user_filter'");
    }
}
