using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Erasure;

/// <summary>What is to be erased, as it was found when it was ordered: an erasure that was cut goes by it to its end. One file for each, erasures/ID.json.</summary>
/// <param name="Days">Camera's days of which nothing stays.</param>
/// <param name="Segments">Of other days.</param>
/// <param name="Sites">Whose keys are destroyed.</param>
/// <param name="Master">Its id where it is destroyed, too; else null.</param>
internal sealed record ErasurePlan(
    string Id,
    EraseOrder Order,
    DateTimeOffset Began,
    int MasterGeneration,
    IReadOnlyList<ErasedDay> Days,
    IReadOnlyList<ErasedSegment> Segments,
    IReadOnlyList<ErasedKey> Sites,
    ErasedKey? Master)
{
    public const string Folder = "erasures";

    private const long Longest = 256 * 1024 * 1024;

    public static string NewId(DateTimeOffset now) => $"{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";

    public static string PathOf(string vault, string id) => Path.Combine(vault, Folder, id + ".json");

    /// <exception cref="VaultFileException">It cannot be written.</exception>
    public void Write(string vault)
    {
        PrivateFile.MakeFolder(Path.Combine(vault, Folder));
        PrivateFile.Replace(PathOf(vault, Id), JsonSerializer.SerializeToUtf8Bytes(this, VaultRegister<CopyEntry>.Layout));
        Shredding.Sync(Path.Combine(vault, Folder));
    }

    /// <returns>Those that were begun and not ended, the oldest first.</returns>
    /// <exception cref="VaultFileException">One cannot be read, or is damaged.</exception>
    public static IReadOnlyList<ErasurePlan> Begun(string vault)
    {
        var folder = Path.Combine(vault, Folder);
        return !Directory.Exists(folder) ? []
            : [.. Directory.EnumerateFiles(folder, "*.json").Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal).Select(Read)];
    }

    private static ErasurePlan Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ErasurePlan>(PrivateFile.Read(path, Longest), VaultRegister<CopyEntry>.Layout) is { Days: not null, Segments: not null, Sites: not null, Order.Scope: not null } plan
                ? plan : throw new JsonException("something is missing");
        }
        catch (JsonException e)
        {
            throw new VaultFileException($"{path} is damaged ({e.Message}): an erasure was begun by it and is not ended. Move it away and order the erasure anew", e);
        }
    }

    public static string DigestOf(IEnumerable<(string Name, string Commitment)> segments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, commitment) in segments) hash.AppendData(Encoding.UTF8.GetBytes($"{name} {commitment}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static (SiteId Site, CameraId Camera, DateOnly Day) PlaceOf(ErasedDay day) =>
        (new SiteId(day.Site), new CameraId(day.Camera), DateOnly.ParseExact(day.Day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
}
