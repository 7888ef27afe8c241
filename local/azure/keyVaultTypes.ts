/** Tokens of the vault's types, as others refer to them. */
export const vaultType = "azure-native:keyvault:Vault";
export const keyType = "azure-native:keyvault:Key";
export const secretType = "azure-native:keyvault:Secret";
