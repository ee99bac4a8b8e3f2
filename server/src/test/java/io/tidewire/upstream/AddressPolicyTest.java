package io.tidewire.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewire.upstream.WebhookSettings.Addresses;
import io.tidewire.upstream.WebhookSettings.Allowed;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row B20: which addresses a web hook may have. */
class AddressPolicyTest {
    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, PUBLIC",
        "172.15.255.255, PUBLIC",
        "172.32.0.0, PUBLIC",
        "100.128.0.0, PUBLIC",
        "2606:4700::1111, PUBLIC",
        "10.0.0.1, PRIVATE",
        "172.16.0.1, PRIVATE",
        "172.31.255.255, PRIVATE",
        "192.168.1.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "198.18.0.1, PRIVATE",
        "fc00::1, PRIVATE",
        "fdff::1, PRIVATE",
        "127.0.0.1, LOOPBACK",
        "127.255.255.254, LOOPBACK",
        "::1, LOOPBACK",
        "169.254.169.254, LINK_LOCAL",
        "169.254.0.1, LINK_LOCAL",
        "fe80::1, LINK_LOCAL",
        "febf::1, LINK_LOCAL",
        "100.100.100.200, METADATA",
        "168.63.129.16, METADATA",
        "192.0.0.192, METADATA",
        "fd00:ec2::254, METADATA",
        "fd20:ce::254, METADATA",
        "224.0.0.1, MULTICAST",
        "239.255.255.255, MULTICAST",
        "ff02::1, MULTICAST",
        "0.0.0.0, SPECIAL",
        "0.1.2.3, SPECIAL",
        "255.255.255.255, SPECIAL",
        "240.0.0.1, SPECIAL",
        "192.0.2.1, SPECIAL",
        "::, SPECIAL",
        "2001:db8::1, SPECIAL",
        "2001::1, SPECIAL",
        "::ffff:127.0.0.1, LOOPBACK",
        "::ffff:169.254.169.254, LINK_LOCAL",
        "::127.0.0.1, LOOPBACK",
        "::ffff:0:10.0.0.1, PRIVATE",
        "64:ff9b::127.0.0.1, LOOPBACK",
        "64:ff9b::169.254.169.254, LINK_LOCAL",
        "64:ff9b::8.8.8.8, PUBLIC",
        "64:ff9b:1::10.0.0.1, PRIVATE",
        "2002:7f00:1::, LOOPBACK",
        "2002:a9fe:a9fe::1, LINK_LOCAL",
        "2002:808:808::1, PUBLIC",
        "2606:4700::5efe:127.0.0.1, LOOPBACK",
        "2606:4700::200:5efe:169.254.169.254, LINK_LOCAL"
    })
    void everyAddressIsOfOneKind(String address, AddressKind kind) {
        assertThat(AddressKind.of(InetAddress.ofLiteral(address))).isEqualTo(kind);
    }

    /** The JDK gives such addresses only to who asks for them byte by byte. */
    @Test
    void aMappedAddressThatIsStillOneCountsAsWhatItCarries() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1};

        InetAddress address = Inet6Address.getByAddress("x", mapped, 0);

        assertThat(address.getAddress()).hasSize(16);
        assertThat(AddressKind.of(address)).isEqualTo(AddressKind.LOOPBACK);
    }

    @ParameterizedTest
    @CsvSource({
        "ANY,     8.8.8.8:y 10.0.0.1:y 127.0.0.1:y ::1:y 169.254.169.254:n fd00:ec2::254:n 0.0.0.0:n 224.0.0.1:n fe80::1:n",
        "PRIVATE, 8.8.8.8:y 10.0.0.1:y 127.0.0.1:n ::1:n 169.254.169.254:n fd00:ec2::254:n 0.0.0.0:n 224.0.0.1:n fe80::1:n",
        "PUBLIC,  8.8.8.8:y 10.0.0.1:n 127.0.0.1:n ::1:n 169.254.169.254:n fd00:ec2::254:n 0.0.0.0:n 224.0.0.1:n fe80::1:n",
        "LISTED,  8.8.8.8:n 10.0.0.1:n 127.0.0.1:n ::1:n 169.254.169.254:n fd00:ec2::254:n 0.0.0.0:n 224.0.0.1:n fe80::1:n"
    })
    void everyPolicy(Addresses policy, String expectations) {
        for (String expected : expectations.split(" ", -1)) {
            int colon = expected.lastIndexOf(':');
            assertThat(policy(policy).allows("app", InetAddress.ofLiteral(expected.substring(0, colon))))
                    .as(policy + " " + expected)
                    .isEqualTo(expected.endsWith(":y"));
        }
    }

    /** A range means what it says, a name only what a name should point to. */
    @Test
    void whatIsListedIsAllowed() {
        AddressPolicy policy = policy(Addresses.LISTED, "10.1.0.0/16", "169.254.7.7", "fd00:1::/33", "app.internal");

        assertThat(allows(policy, "any", "10.1.255.1")).isTrue();
        assertThat(allows(policy, "any", "10.2.0.0")).isFalse();
        assertThat(allows(policy, "any", "169.254.7.7")).isTrue();
        assertThat(allows(policy, "any", "169.254.7.8")).isFalse();
        assertThat(allows(policy, "any", "fd00:1:7fff::1")).isTrue();
        assertThat(allows(policy, "any", "fd00:1:8000::1")).isFalse();
        assertThat(allows(policy, "app.internal", "127.0.0.1")).isTrue();
        assertThat(allows(policy, "app.internal", "10.9.9.9")).isTrue();
        assertThat(allows(policy, "app.internal", "8.8.8.8")).isTrue();
        assertThat(allows(policy, "app.internal", "169.254.169.254")).isFalse();
        assertThat(allows(policy, "xapp.internal", "10.9.9.9")).isFalse();
    }

    @Test
    void aRefusalNamesAddressKindAndSettings() {
        assertThat(policy(Addresses.PRIVATE).refusal(List.of(InetAddress.ofLiteral("127.0.0.1"))))
                .isEqualTo("127.0.0.1 is this machine, which upstream.addresses=private does not allow; "
                        + "name it in upstream.allow if it is meant");
    }

    private static boolean allows(AddressPolicy policy, String host, String address) {
        return policy.allows(host, InetAddress.ofLiteral(address));
    }

    private static AddressPolicy policy(Addresses addresses, String... allowed) {
        WebhookSettings it = WebhookSettings.DEFAULT;
        return new AddressPolicy(new WebhookSettings(
                addresses,
                List.of(allowed).stream().map(Allowed::parse).toList(),
                it.timeout(),
                it.connectTimeout(),
                it.idleTimeout(),
                it.maxResponseBytes(),
                it.maxConnections(),
                it.maxWaitingBytes(),
                it.retries(),
                it.circuit()));
    }
}
