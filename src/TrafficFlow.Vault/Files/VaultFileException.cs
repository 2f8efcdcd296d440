namespace TrafficFlow.Vault.Files;

/// <summary>A file of the vault is damaged, open to others, or cannot be read or written; the message says which, why, and what to do.</summary>
public sealed class VaultFileException(string message, Exception? inner = null) : Exception(message, inner);
