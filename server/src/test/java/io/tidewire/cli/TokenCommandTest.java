package io.tidewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCommandTest {
    private static final String SERVICE = "Endpoint=https://rt.example.com/;AccessKey=" + FakeService.KEY
            + ";Version=1.0;ServerEndpoint=http://inside:81";

    private final Terminal terminal = new Terminal();

    private SignedJWT token(String... more) throws Exception {
        var args = new java.util.ArrayList<>(List.of("token", "--raw", "--hub", "Chat", "-c", SERVICE));
        args.addAll(List.of(more));
        assertThat(terminal.run(args.toArray(String[]::new))).isZero();
        var jwt = SignedJWT.parse(terminal.out().strip());
        assertThat(jwt.verify(new MACVerifier(FakeService.KEY))).isTrue();
        return jwt;
    }

    @Test
    void aClientsTokenNamesUserAudienceLifetimeAndClaims() throws Exception {
        var claims = token(
                        "--user",
                        "ann",
                        "--lifetime",
                        "5m",
                        "--claim",
                        "role=a",
                        "--claim",
                        "role=b=c",
                        "--claim",
                        "exp=never")
                .getJWTClaimsSet();

        assertThat(claims.getAudience()).containsExactly("https://rt.example.com/client/?hub=chat");
        assertThat(claims.getStringClaim("nameid")).isEqualTo("ann");
        assertThat(claims.getStringListClaim("role")).containsExactly("a", "b=c");
        assertThat(claims.getStringClaim("asrs.u.exp")).isEqualTo("never");
        assertThat(Duration.between(
                        claims.getIssueTime().toInstant(),
                        claims.getExpirationTime().toInstant()))
                .isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aCallersTokenNamesTheEndpointAlsoBehindAnotherDoor() throws Exception {
        assertThat(token("--rest").getJWTClaimsSet().getAudience())
                .containsExactly("https://rt.example.com/api/v1/hubs/chat");
    }

    @Test
    void aWebPubSubTokenNamesUserRolesAndGroups() throws Exception {
        var claims = token(
                        "-s",
                        "WebPubSub",
                        "--user",
                        "ann",
                        "--role",
                        "joinLeaveGroup",
                        "--role",
                        "webpubsub.sendToGroups.room.*.\\*",
                        "--group",
                        "lobby",
                        "--claim",
                        "tenant=7")
                .getJWTClaimsSet();

        assertThat(claims.getAudience()).containsExactly("https://rt.example.com/client/hubs/chat");
        assertThat(claims.getSubject()).isEqualTo("ann");
        assertThat(claims.getStringListClaim("role"))
                .containsExactly("webpubsub.joinLeaveGroup", "webpubsub.sendToGroups.room.*.\\*");
        assertThat(claims.getStringClaim("webpubsub.group")).isEqualTo("lobby");
        assertThat(claims.getStringClaim("tenant")).isEqualTo("7");
    }

    @Test
    void aWebPubSubCallersTokenNamesTheHub() throws Exception {
        assertThat(token("-s", "webpubsub", "--rest").getJWTClaimsSet().getAudience())
                .containsExactly("https://rt.example.com/api/hubs/chat");
    }

    @Test
    void aWebPubSubClientsUrlCanBeOpenedAsItStands() {
        assertThat(terminal.run("token", "-s", "webpubsub", "--hub", "chat")).isZero();
        assertThat(terminal.out())
                .contains("Client URL        ws://localhost:8080/client/hubs/chat?access_token=ey")
                .contains("Connection string " + ServiceKind.WEBPUBSUB.dev() + "\n");
    }

    @Test
    void printsWhatAClientNeeds() {
        assertThat(terminal.run("token", "--hub", "chat")).isZero();
        assertThat(terminal.out())
                .contains("Client URL        http://localhost:8888/client/?hub=chat\n")
                .contains("Token             ey")
                .contains("Connection string " + ServiceKind.SIGNALR.dev() + "\n");
    }

    @Test
    void speaksJsonToScripts() {
        assertThat(terminal.run("token", "--hub", "chat", "--json", "-c", SERVICE))
                .isZero();
        assertThat(terminal.out())
                .startsWith("{\"url\":\"https://rt.example.com/client/?hub=chat\",\"accessToken\":\"ey")
                .endsWith("\",\"connectionString\":\"" + SERVICE + "\"}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Endpoint=nonsense;AccessKey=SECRET",
                "AccessKey=SECRET",
                "Endpoint=http://h;AccessKey=SECRET;accesskey=SECRET",
                "Endpoint=http://h;Port=70000;AccessKey=SECRET",
                "Endpoint=ftp://h;AccessKey=SECRET",
                "Endpoint=http://h;Key=SECRET"
            })
    void aWrongConnectionStringIsExplainedWithoutItsKey(String text) {
        assertThat(terminal.run("token", "--hub", "chat", "-c", text)).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err())
                .contains("Endpoint=https://<host>;AccessKey=<key>")
                .contains("--help")
                .doesNotContain("SECRET");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--lifetime=0s",
                "--lifetime=1",
                "--claim=x",
                "--rest --user=ann",
                "--hub=1x",
                "--nonsense",
                "--service=mqtt",
                "--role=joinLeaveGroup",
                "-s webpubsub --rest --group=g",
                "-s webpubsub --role=joinGroup",
                "-s webpubsub --role=joinLeaveGroups",
                "-s webpubsub --role=sendToGroup.",
                "-s webpubsub --role=sendToGroups.a*b*c*d*e*f*",
                "-s webpubsub --role=sendToGroups.a\\b"
            })
    void refusesWhatCannotBeMeant(String options) {
        var args = new java.util.ArrayList<>(List.of("token", "--hub", "chat"));
        args.addAll(List.of(options.split(" ", -1)));
        assertThat(terminal.run(args.toArray(String[]::new))).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).isNotEmpty();
    }
}
