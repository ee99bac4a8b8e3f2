package io.tidewire.auth;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the holder of a connection string proves itself with. */
public sealed interface Credential {
    /** The properties of a connection string that carry it, secrets and all; {@code toString} masks those. */
    String print();

    /** The HMAC key: the UTF-8 bytes of the text as written. */
    record AccessKey(String key) implements Credential {
        @Override
        public String print() {
            return ConnectionString.property("AccessKey", key);
        }

        /** Never prints the key. */
        @Override
        public String toString() {
            return ConnectionString.property("AccessKey", "***");
        }
    }

    /** Microsoft Entra, by one of its credentials. */
    record Entra(
            AuthType type,
            @Nullable String clientId,
            @Nullable String tenantId,
            @Nullable String clientSecret,
            @Nullable String clientCert)
            implements Credential {
        @Override
        public String print() {
            return print(clientSecret);
        }

        /** Never prints the secret. */
        @Override
        public String toString() {
            return print(clientSecret == null ? null : "***");
        }

        private String print(@Nullable String secret) {
            return ConnectionString.property("AuthType", type.text)
                    + ConnectionString.property("ClientId", clientId)
                    + ConnectionString.property("TenantId", tenantId)
                    + ConnectionString.property("ClientSecret", secret)
                    + ConnectionString.property("ClientCert", clientCert);
        }
    }

    /** The {@code AuthType}s that mean Entra; anything else means the access key. */
    enum AuthType {
        AAD("aad"),
        AZURE("azure"),
        AZURE_APP("azure.app"),
        AZURE_MSI("azure.msi");

        private final String text;

        AuthType(String text) {
            this.text = text;
        }

        /** As a connection string has it. */
        public String text() {
            return text;
        }

        private static @Nullable AuthType of(@Nullable String text) {
            for (AuthType type : values()) {
                if (type.text.equalsIgnoreCase(text)) {
                    return type;
                }
            }
            return null;
        }
    }

    /** From the properties of a connection string, looked up without regard to case; none is empty. */
    static Credential of(Map<String, String> properties) {
        @Nullable AuthType type = AuthType.of(properties.get("AuthType"));
        if (type == null) {
            @Nullable String key = properties.get("AccessKey");
            if (key == null) {
                throw new InvalidConnectionString("The connection string has no AccessKey.");
            }
            return new AccessKey(key);
        }
        // The vendor's SDK reads the first name, its documentation says the second.
        @Nullable String cert = properties.getOrDefault("ClientCert", properties.get("ClientCertPath"));
        Entra entra = new Entra(
                type, properties.get("ClientId"), properties.get("TenantId"), properties.get("ClientSecret"), cert);
        if (type == AuthType.AZURE_APP
                && (entra.clientId == null || entra.tenantId == null || (entra.clientSecret == null && cert == null))) {
            throw new InvalidConnectionString(
                    "AuthType=azure.app needs ClientId, TenantId and ClientSecret or ClientCert.");
        }
        return entra;
    }
}
