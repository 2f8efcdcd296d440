using System.Text.Json;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Node.Recordings;

/// <summary>What a verb of `trafficflow vault` asks of the vault, in the same process or over the control socket of the node that holds it.</summary>
internal sealed record VaultRequest(string Verb)
{
    /// <summary>As <see cref="Path"/>: pictures go to standard output.</summary>
    public const string StandardOutput = "-";

    private static readonly JsonSerializerOptions s_layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        MaxDepth = 4,
    };

    public string? Site { get; init; }

    public string? Camera { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public string? Reason { get; init; }

    /// <summary>Of a slot, a hold, a copy or a segment.</summary>
    public string? Id { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string? Label { get; init; }

    /// <summary>Bytes of a credential.</summary>
    public byte[]? Credential { get; init; }

    public string? Passphrase { get; init; }

    public IReadOnlyList<string>? Shares { get; init; }

    /// <summary>Of shares that are to be made.</summary>
    public int? Needed { get; init; }

    /// <summary>The same.</summary>
    public int? Of { get; init; }

    /// <summary>Of a folder or a file, for the process that holds the vault.</summary>
    public string? Path { get; init; }

    /// <summary>Name or fingerprint of another vault.</summary>
    public string? Other { get; init; }

    /// <summary>Of a bundle; null for all.</summary>
    public int? Volume { get; init; }

    /// <summary>Bytes that fit on a disk.</summary>
    public long? VolumeBytes { get; init; }

    /// <summary>An identity or a confirmation.</summary>
    public byte[]? File { get; init; }

    /// <summary>All there is: nothing that is left out by mistake is erased.</summary>
    public bool Everything { get; init; }

    /// <summary>Account of the person who does it; null for the user of the machine.</summary>
    public string? As { get; init; }

    /// <summary>Of that account.</summary>
    public string? AsPassword { get; init; }

    /// <summary>Of its authenticator; null where it has none.</summary>
    public string? AsCode { get; init; }

    /// <summary>Of a set for learning that was begun: what opens its segments.</summary>
    public string? Ticket { get; init; }

    /// <summary>Of a segment that is damaged: the part that plays.</summary>
    public bool AsFarAsItGoes { get; init; }

    /// <summary>Nothing is changed; it is said what would be.</summary>
    public bool DryRun { get; init; }

    /// <summary>By which another person has approved it where it was ordered, never from a socket; null where the vault asks its own rule.</summary>
    [JsonIgnore]
    public string? Approval { get; init; }

    /// <summary>Called for each segment that is verified, or written to a disk.</summary>
    [JsonIgnore]
    public Action? Done { get; init; }

    /// <summary>Called before the first is written, with how many there are.</summary>
    [JsonIgnore]
    public Action<int>? Counted { get; init; }

    [JsonIgnore]
    public EraseScope Scope => new(Site is null ? null : new SiteId(Site), Camera is null ? null : new CameraId(Camera), From, To);

    /// <returns>What opens the vault; null where nothing was given.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public UnlockSecret? Secret() =>
        Credential is { } credential ? new CredentialSecret(credential) : Passphrase is { } passphrase ? new PassphraseSecret(passphrase) : Shares is { Count: > 0 } shares ? new SharesSecret(shares) : null;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, s_layout);

    /// <returns>Null where it is none.</returns>
    public static VaultRequest? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<VaultRequest>(bytes, s_layout) is { Verb: not null } request ? request : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What came of it.</summary>
/// <param name="Outcome">done, refused (what was asked cannot be), failed.</param>
/// <param name="Lines">For people.</param>
internal sealed record VaultAnswer(string Outcome, IReadOnlyList<string> Lines)
{
    public const string OfDone = "done";
    public const string OfRefused = "refused";
    public const string OfFailed = "failed";

    private static readonly JsonSerializerOptions s_layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, MaxDepth = 4 };

    public static VaultAnswer Done(params IReadOnlyList<string> lines) => new(OfDone, lines);

    public static VaultAnswer Refused(string why) => new(OfRefused, [why]);

    /// <summary>Refused, until another person has approved it.</summary>
    public static VaultAnswer Waiting(string why) => new(OfRefused, [why]) { IsWaiting = true };

    /// <summary>It waits for another person's approval.</summary>
    [JsonIgnore]
    public bool IsWaiting { get; private init; }

    /// <summary>Nothing was done, and it is certain: an approval that was used for it is good once more.</summary>
    public static VaultAnswer Undone(string why) => new(OfFailed, [why]) { IsUndone = true };

    /// <inheritdoc cref="Undone"/>
    [JsonIgnore]
    public bool IsUndone { get; init; }

    public static VaultAnswer Failed(string why) => new(OfFailed, [why]);

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, s_layout);

    /// <exception cref="JsonException">It is none.</exception>
    public static VaultAnswer Read(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize<VaultAnswer>(bytes, s_layout) is { Outcome: not null, Lines: not null } answer ? answer : throw new JsonException("no answer of a vault");
}
