using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Vault.Erasure;

/// <summary>
/// What is to be erased, as it was found when it was ordered: an erasure that was cut goes by it to its end. One file for each, erasures/ID.json, checked with the vault's master: no other one is carried out, and none before the vault is
/// open.
/// </summary>
/// <param name="Days">Camera's days of which nothing stays.</param>
/// <param name="Segments">Of other days.</param>
/// <param name="Sites">Whose keys are destroyed.</param>
/// <param name="Master">Its id where it is destroyed, too; else null.</param>
/// <param name="Tombstones">Of all of it, by month: see <see cref="Erasure.Tombstones"/>.</param>
internal sealed record ErasurePlan(
    string Id,
    EraseOrder Order,
    DateTimeOffset Began,
    int MasterGeneration,
    IReadOnlyList<ErasedDay> Days,
    IReadOnlyList<ErasedSegment> Segments,
    IReadOnlyList<ErasedKey> Sites,
    ErasedKey? Master,
    IReadOnlyDictionary<string, byte[]> Tombstones)
{
    public const string Folder = "erasures";

    private const long Longest = 256 * 1024 * 1024;

    public static string NewId(DateTimeOffset now) => $"{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";

    public string Name => $"{Folder}/{Id}.json";

    /// <summary>Where a receipt waits for the master to be destroyed, which it says.</summary>
    public string ReceiptName => $"{Folder}/{Id}.receipt";

    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">It cannot be written.</exception>
    public void Write(SealedFiles registers) => registers.Write(Name, JsonSerializer.SerializeToUtf8Bytes(this, VaultRegister<CopyEntry>.Layout));

    /// <returns>Those that were begun by this vault and not ended, the oldest first.</returns>
    /// <param name="told">Gets what lies there and is none of them.</param>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    public static IReadOnlyList<ErasurePlan> Begun(SealedFiles registers, List<string> told)
    {
        var (plans, names) = (new List<ErasurePlan>(), (IReadOnlyList<string>)[]);
        try
        {
            names = registers.NamesIn(Folder, ".json");
        }
        catch (VaultFileException e)
        {
            told.Add($"erasures that were begun are not carried on: {e.Message}");
        }

        foreach (var name in names)
        {
            try
            {
                if (registers.Read(name, Longest) is { } content) plans.Add(Parse(content) is { } plan && plan.Name == name ? plan : throw new FormatException("it is the plan of another erasure"));
            }
            catch (Exception e) when (e is VaultFileException or FormatException)
            {
                told.Add($"an erasure is not carried out: {(e is FormatException ? $"{registers.PathOf(name)} is damaged: " : "")}{e.Message}");
            }
        }

        return plans;
    }

    /// <returns>Whether one of these plans names a segment, itself or with its day.</returns>
    public static Func<SegmentPlace, bool> Naming(IReadOnlyList<ErasurePlan> plans)
    {
        var segments = plans.SelectMany(p => p.Segments).Select(s => SegmentPlace.Parse(s.Segment)!).ToHashSet();
        var days = plans.SelectMany(p => p.Days).Select(PlaceOf).ToHashSet();
        return place => segments.Contains(place) || days.Contains((place.Site, place.Camera, place.Day));
    }

    /// <returns>Whether anything that a scope names may be of it.</returns>
    public bool IsOf(EraseScope scope) => (Order.Parts ?? [Order.Scope]).Any(scope.Meets);

    /// <returns>Whether what a camera would begin to record would come among what is to go: into a day or a site of which the key is destroyed, or into the very time that was ordered.</returns>
    public Func<SiteId, CameraId, DateTimeOffset, bool> Barring()
    {
        var (sites, days, whole) = (Sites.Select(s => SiteOf(s)!.Value).ToHashSet(), Days.Select(PlaceOf).ToHashSet(), Order.Parts is null ? Order.Scope : null);
        return (site, camera, from) => Master is not null || sites.Contains(site) || days.Contains((site, camera, SegmentPlace.DayOf(from)))
            || (whole?.Covers(site, camera) == true && !(from < whole.From) && !(from >= whole.To));
    }

    /// <exception cref="FormatException">It is none.</exception>
    internal static ErasurePlan Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize<ErasurePlan>(content, VaultRegister<CopyEntry>.Layout) is { } plan && IsId(plan.Id) && plan.Days.All(IsSound) && plan.Segments.All(s => SegmentPlace.Parse(s?.Segment ?? "") is not null) && plan.Sites.All(s => SiteOf(s) is not null)
                ? plan : throw new FormatException("it names what no vault has");
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <returns>Null where it is no key of a site.</returns>
    public static SiteId? SiteOf(ErasedKey? key) => key?.Name.StartsWith("site:", StringComparison.Ordinal) == true && NameRule.IsKnown(key.Name.AsSpan("site:".Length)) ? new SiteId(key.Name["site:".Length..]) : null;

    private static bool IsId(string text) => text.Length is > 0 and <= 40 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsSound(ErasedDay? day) => day is not null && NameRule.IsKnown(day.Site) && NameRule.IsKnown(day.Camera) && DateOnly.TryParseExact(day.Day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out _);

    public static string DigestOf(IEnumerable<(string Name, string Commitment)> segments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, commitment) in segments) hash.AppendData(Encoding.UTF8.GetBytes($"{name} {commitment}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static (SiteId Site, CameraId Camera, DateOnly Day) PlaceOf(ErasedDay day) =>
        (new SiteId(day.Site), new CameraId(day.Camera), DateOnly.ParseExact(day.Day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
}
