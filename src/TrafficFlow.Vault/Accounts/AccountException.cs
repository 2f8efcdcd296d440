namespace TrafficFlow.Vault.Accounts;

/// <summary>What was asked for cannot be, and nothing was changed; the message says why and what to do. It may be shown to whoever asked.</summary>
public sealed class AccountException(string message) : Exception(message);
