namespace TrafficFlow.Wire.Authorization;

/// <summary>Who gives a command.</summary>
/// <param name="Name">The name that was given with the command, or that of the account. Nobody has checked a given name yet.</param>
/// <param name="Account">What was checked: unix:NAME is the local account at the other end of the control socket, as the kernel tells it.</param>
public sealed record Principal(string Name, string Account)
{
    private const int LongestName = 64;

    /// <param name="given">A name given with the command; null for the account's own.</param>
    public static Principal Of(string account, string? given) => new(given ?? account[(account.IndexOf(':', StringComparison.Ordinal) + 1)..], account);

    /// <summary>Text that may stand in a log and in a table.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= LongestName && !name.Any(char.IsControl);

    public override string ToString() => Account.EndsWith($":{Name}", StringComparison.Ordinal) ? Account : $"{Name} ({Account})";
}
