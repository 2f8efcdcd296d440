namespace TrafficFlow.Vault.HandCarry;

/// <summary>A bundle cannot be written, read or confirmed; the message says why and what to do. What was done before stays done, and the same step can be taken again.</summary>
public sealed class HandCarryException(string message, Exception? inner = null) : Exception(message, inner);
