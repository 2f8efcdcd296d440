using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace TrafficFlow.Vault.Accounts;

/// <summary>One person's account. What is secret is kept as hashes, or encrypted, and is seen by nobody outside of the vault.</summary>
/// <param name="Name">As names of sites are: a-z, 0-9, _ and -.</param>
/// <param name="Roles">At least one, each once.</param>
/// <param name="CreatedBy">unix:NAME or an account.</param>
public sealed record Account(string Name, ImmutableArray<Role> Roles, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <summary>Null while it may log in.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    public string? DisabledBy { get; init; }

    /// <summary>When its owner was dismissed from all duties: it is not enabled again unless the person is appointed anew. Null otherwise.</summary>
    public DateTimeOffset? DismissedAt { get; init; }

    /// <summary>Rises when password, roles, second factor or the right to log in change: sessions that began before end.</summary>
    public long Version { get; init; } = 1;

    public DateTimeOffset? LastLogInAt { get; init; }

    /// <summary>Failed tries since the last log-in.</summary>
    public Tries Failures { get; init; }

    /// <summary>PHC string; null until a link was used.</summary>
    [JsonInclude]
    internal string? Password { get; init; }

    /// <summary>A link that was not used yet.</summary>
    [JsonInclude]
    internal PendingInvitation? Invitation { get; init; }

    [JsonInclude]
    internal SecondFactor? SecondFactor { get; init; }

    /// <summary>From which it has logged in before: failed tries of others do not keep it out there.</summary>
    [JsonInclude]
    internal ImmutableArray<KnownDevice> Devices { get; init; } = [];

    [JsonIgnore]
    public bool HasPassword => Password is not null;

    /// <summary>Asks for a code besides the password.</summary>
    [JsonIgnore]
    public bool HasSecondFactor => SecondFactor is { IsConfirmed: true };

    [JsonIgnore]
    public bool IsDisabled => DisabledAt is not null;

    [JsonIgnore]
    public bool IsDismissed => DismissedAt is not null;

    /// <summary>Until when its link can be used; null where there is none.</summary>
    [JsonIgnore]
    public DateTimeOffset? InvitedUntil => Invitation?.Until;

    /// <summary>Could log in now.</summary>
    [JsonIgnore]
    public bool CanLogIn => HasPassword && !IsDisabled;

    /// <summary>In one word: disabled, invited, "link expired", active.</summary>
    public string State(DateTimeOffset now) =>
        IsDisabled ? "disabled" : HasPassword ? "active" : Invitation is { } link && now < link.Until ? "invited" : "link expired";
}

/// <summary>Tries that failed one after another.</summary>
/// <param name="LastAt">Of the last one; default for none.</param>
public readonly record struct Tries(int Count, DateTimeOffset LastAt);

/// <param name="Hash">Of the text in the link.</param>
internal sealed record PendingInvitation(string Hash, DateTimeOffset Until);

/// <param name="Hash">Of the text in the device's cookie.</param>
internal sealed record KnownDevice(string Hash, DateTimeOffset Until);

/// <summary>A time-based code (RFC 6238) beside the password.</summary>
/// <param name="Secret">Encrypted with the node's key, Base64.</param>
/// <param name="IsConfirmed">A code of it was shown once; before, nobody is asked for one.</param>
/// <param name="LastStep">Of the last code that was taken: each counts once.</param>
/// <param name="Recovery">Hashes of the codes for a lost device that are left.</param>
internal sealed record SecondFactor(string Secret, bool IsConfirmed, long LastStep, ImmutableArray<string> Recovery);

/// <summary>A one-time link, to be handed to whom it is for. Shown once: only its hash is kept.</summary>
/// <param name="Name">Of the account; null for the first custodian, who chooses it.</param>
/// <param name="Text">tfi_…: whoever shows it sets the password.</param>
public sealed record Invitation(string? Name, string Text, DateTimeOffset Until)
{
    /// <summary>Path and fragment of the link; what follows # is sent to no server and stands in no log.</summary>
    public string Path => $"/invitation#{Text}";
}
