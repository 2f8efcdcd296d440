using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Keys;

/// <summary>The file of the master key: its slots, and no secret. Bytes are base 64.</summary>
/// <param name="Id">Of the master key.</param>
/// <param name="Generation">Counts rotations, from 1.</param>
/// <param name="Previous">The master before it, wrapped by this one: a rotation is under way. Null otherwise.</param>
/// <param name="Check">HMAC-SHA256 of all else with a key of the master: to a public key that somebody wrote into a slot a new master would be sealed.</param>
internal sealed record MasterFile(string Format, string Id, int Generation, DateTimeOffset Made, byte[]? Previous, IReadOnlyList<MasterSlot> Slots, byte[] Check)
{
    public const string Name = "master.json";
    public const string FormatOfNow = "trafficflow-master-2";
    public const string NameOfPrevious = "previous-master";
    public const int MostSlots = 16;

    private const string Purpose = "trafficflow.vault/slots@v1";

    private const long Longest = 256 * 1024;

    private static ReadOnlySpan<byte> FormatBefore => "trafficflow-master-1"u8;

    internal static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        MaxDepth = 8,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <returns>Null where the vault has no key yet.</returns>
    /// <exception cref="VaultFileException">It cannot be read, or is damaged.</exception>
    public static MasterFile? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        return PrivateFile.Read(path, Longest) is not { } content ? null
            : Parse(content) ?? throw new VaultFileException(
                content.AsSpan().IndexOf(FormatBefore) >= 0 ? $"{path} was made by a trafficflow before the first release, which did not check who may open the vault: move the folder {folder} away, and make a vault anew (trafficflow vault init)"
                : $"{path} is damaged: without it nothing that was recorded can be opened; put it back as it was");
    }

    /// <returns>Null where it is none.</returns>
    public static MasterFile? Parse(ReadOnlySpan<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize<MasterFile>(content, Layout) is { } file && file.IsSound() ? file : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <exception cref="VaultFileException">It cannot be written; the old one stays.</exception>
    public void Write(string folder) => Shredding.Replace(Path.Combine(folder, Name), JsonSerializer.SerializeToUtf8Bytes(this, Layout));

    public MasterFile CheckedWith(LockedBytes master) => this with { Check = CheckOf(master) };

    /// <summary>Whether all of it was written by one who had the master.</summary>
    public bool IsOf(LockedBytes master) => CryptographicOperations.FixedTimeEquals(CheckOf(master), Check);

    private byte[] CheckOf(LockedBytes master)
    {
        using var key = KeyWrap.Derived(master, Purpose);
        return HMACSHA256.HashData(key.Span, JsonSerializer.SerializeToUtf8Bytes(this with { Check = [] }, Layout));
    }

    private bool IsSound() =>
        Format == FormatOfNow && KeyFile.IsId(Id) && Generation > 0 && Check is { Length: HMACSHA256.HashSizeInBytes } && Previous is null or { Length: KeyWrap.WrappedBytes }
        && Slots is { Count: <= MostSlots } && Slots.All(IsSound) && Slots.Select(s => s.Id).Distinct().Count() == Slots.Count;

    private static bool IsSound(MasterSlot? slot) =>
        slot is { Label.Length: <= MasterSlot.LongestLabel, PublicKey.Length: SealedBox.PublicKeyBytes, Sealed.Length: KeyWrap.KeyBytes + SealedBox.Overhead }
        && slot.Id is { Length: 8 } && slot.Id.All(char.IsAsciiHexDigitLower)
        && slot.Kind switch
        {
            SlotKind.Credential => slot is { Protected.Length: KeyWrap.WrappedBytes, Costs: null },
            SlotKind.Passphrase => slot is { Protected.Length: KeyWrap.WrappedBytes, Costs: { KibiBytes: >= 8 and <= PassphraseCosts.MostKibiBytes, Passes: >= 1 and <= PassphraseCosts.MostPasses, Salt.Length: PassphraseCosts.SaltBytes } },
            SlotKind.Shares => slot is { Protected: null, Costs: null, Needed: >= 2 and <= SecretShares.Most, Of: <= SecretShares.Most } && slot.Needed <= slot.Of,
            _ => false,
        };
}
