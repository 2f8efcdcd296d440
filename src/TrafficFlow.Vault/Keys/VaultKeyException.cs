namespace TrafficFlow.Vault.Keys;

/// <summary>A key is not at hand, is another one's, or is gone; the message says which and what to do.</summary>
public sealed class VaultKeyException(string message, Exception? inner = null) : Exception(message, inner);
