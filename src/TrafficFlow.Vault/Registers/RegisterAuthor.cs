namespace TrafficFlow.Vault.Registers;

/// <summary>Who makes an entry of a register.</summary>
/// <param name="Name">Of the account, or of the machine's user.</param>
/// <param name="Account">How that was checked: account[ROLE]:NAME, unix:NAME; node for what the program enters by itself.</param>
public sealed record RegisterAuthor(string Name, string Account)
{
    /// <summary>What comes about by time alone.</summary>
    public static readonly RegisterAuthor Node = new("trafficflow", "node");

    /// <summary>Somebody has logged in with password and second factor: not a user of the machine, and no program.</summary>
    public bool IsLoggedIn => Account.StartsWith("account[", StringComparison.Ordinal);
}

/// <summary>One entry as it is kept.</summary>
/// <param name="Number">From 1 without gaps.</param>
/// <param name="Hash">Of its text, as hexadecimal SHA-256; the next entry holds it.</param>
/// <param name="Key">Id of the key that signed it.</param>
public sealed record RegisterEntry<TEvent>(long Number, DateTimeOffset Time, RegisterAuthor By, TEvent Event, string Hash, string Key);

/// <summary>What was asked for cannot be entered, and nothing was changed; the message says why and what to do. It may be shown to whoever asked.</summary>
public sealed class RegisterException(string message) : Exception(message);
