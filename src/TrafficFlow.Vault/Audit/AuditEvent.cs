namespace TrafficFlow.Vault.Audit;

public enum AuditKind
{
    LogIn,
    FailedTry,
    LogOut,

    /// <summary>A picture was looked at.</summary>
    View,

    /// <summary>Tables or files left the node.</summary>
    Export,

    /// <summary>Topics or feeds were followed.</summary>
    Subscription,

    /// <summary>Accounts, roles, tokens, sites, settings.</summary>
    Change,

    /// <summary>An operator's command: one record when it begins, one with its outcome.</summary>
    Command,

    /// <summary>The record itself: start, stop, cut lines, gaps, keys, retention.</summary>
    Audit,
}

public static class AuditKinds
{
    private static readonly Dictionary<AuditKind, string> s_names = Enum.GetValues<AuditKind>().ToDictionary(
        k => k, k => string.Concat(k.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString())));

    /// <summary>As they are written: log-in, failed-try, log-out, view, export, subscription, change, command, audit.</summary>
    public static IReadOnlyCollection<string> All => s_names.Values;

    public static string Of(AuditKind kind) => s_names[kind];

    public static AuditKind? Parse(string text) => s_names.Where(n => n.Value == text).Select(n => (AuditKind?)n.Key).FirstOrDefault();
}

/// <summary>What is to be recorded. Whatever is longer than a record takes is cut, and ends with an ellipsis.</summary>
/// <param name="By">Name of whoever did it.</param>
/// <param name="Account">How that was checked: account[ROLE]:NAME, token[ROLE]:NAME, unix:NAME, address:IP.</param>
/// <param name="Action">What was done, in the words of the interface.</param>
/// <param name="Target">To what: a site, a camera, an account, this node.</param>
/// <param name="Outcome">done, begun, refused: WHY, failed: WHY.</param>
/// <param name="Details">What else matters; no secret, no picture.</param>
/// <param name="Of">Number of the record that this one ends; null for none.</param>
public sealed record AuditEvent(AuditKind Kind, string By, string Account, string Action, string Target, string Outcome = "done", string? Details = null, long? Of = null);
