using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Vault.Erasure;

internal enum WasErased
{
    No = 0,

    /// <summary>This very segment was.</summary>
    This = 1,

    /// <summary>Another one of its name was.</summary>
    Another = 2,
}

/// <summary>
/// Which segments were erased here, so that none comes back with a bundle, be it a new one or an old disk. Of each 32 bytes: half an HMAC-SHA256 of its name and half of one of name and commitment, with a key of the vault, so that the
/// files tell nobody what was recorded. A file for each month of recording, erased/2026-11.list; they stay, and grow with what was recorded, by some thousandth of a per cent of its bytes. They end with the vault's master, for then no bundle can be opened
/// either. Thread-safe.
/// </summary>
internal sealed class Tombstones(VaultKeys keys)
{
    public const int Bytes = 2 * HalfBytes;

    private const int HalfBytes = 16;
    private const string KeyName = "erased";
    private const long Longest = 256L * 1024 * 1024;

    private readonly Dictionary<string, (string Hash, Dictionary<UInt128, HashSet<UInt128>> Names)> _read = new(StringComparer.Ordinal);

    /// <returns>For a plan: of each month the tombstones, one behind the other.</returns>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">The key of tombstones cannot be read or made.</exception>
    public IReadOnlyDictionary<string, byte[]> Of(IEnumerable<(SegmentPlace Place, string Commitment)> segments)
    {
        using var key = Key();
        return segments.GroupBy(s => MonthOf(s.Place)).ToDictionary(g => g.Key, g => g.SelectMany(s => Of(key, s.Place, s.Commitment)).ToArray(), StringComparer.Ordinal);
    }

    /// <summary>On the disk when it returns; those that are there already are not written twice.</summary>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file is not as the vault wrote it, or cannot be written.</exception>
    public void Add(IReadOnlyDictionary<string, byte[]> months)
    {
        lock (keys.Registers.Gate)
        {
            foreach (var (month, made) in months)
            {
                var before = keys.Registers.Read(NameOf(month), Longest) ?? [];
                var there = Entries(before).ToHashSet(StringComparer.Ordinal);
                using var all = new MemoryStream();
                all.Write(before);
                foreach (var entry in Entries(made).Where(there.Add)) all.Write(Convert.FromHexString(entry));
                keys.Registers.Write(NameOf(month), all.ToArray());
            }
        }
    }

    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file is not as the vault wrote it.</exception>
    public WasErased Ask(SegmentPlace place, string commitment)
    {
        lock (keys.Registers.Gate)
        {
            var name = NameOf(MonthOf(place));
            if (keys.Registers.Head().Of(name) is [""]) return WasErased.No;
            var hash = string.Join(',', keys.Registers.Head().Of(name));
            if (!_read.TryGetValue(name, out var read) || read.Hash != hash) _read[name] = read = (hash, Parse(keys.Registers.Read(name, Longest) ?? []) ?? throw new VaultFileException($"{keys.Registers.PathOf(name)} is damaged: put it back as it was"));
            using var key = Key();
            var own = Of(key, place, commitment);
            return !read.Names.TryGetValue(Half(own, 0), out var commitments) ? WasErased.No : commitments.Contains(Half(own, HalfBytes)) ? WasErased.This : WasErased.Another;
        }
    }

    /// <returns>Null where it is no such file.</returns>
    internal static Dictionary<UInt128, HashSet<UInt128>>? Parse(ReadOnlySpan<byte> content)
    {
        if (content.Length % Bytes != 0) return null;
        var names = new Dictionary<UInt128, HashSet<UInt128>>();
        for (var at = 0; at < content.Length; at += Bytes)
        {
            var name = Half(content, at);
            if (!names.TryGetValue(name, out var commitments)) names[name] = commitments = [];
            commitments.Add(Half(content, at + HalfBytes));
        }

        return names;
    }

    private static string MonthOf(SegmentPlace place) => place.Day.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static string NameOf(string month) => $"{VaultKeys.ErasedFolder}/{month}.list";

    private static IEnumerable<string> Entries(byte[] content) => content.Chunk(Bytes).Where(c => c.Length == Bytes).Select(Convert.ToHexString);

    private static UInt128 Half(ReadOnlySpan<byte> content, int at) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(content.Slice(at, HalfBytes));

    private static byte[] Of(LockedBytes key, SegmentPlace place, string commitment) =>
        [.. HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes($"name\n{place}")).AsSpan(0, HalfBytes), .. HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes($"segment\n{place}\n{commitment}")).AsSpan(0, HalfBytes)];

    /// <summary>A new one would know none of those that are there.</summary>
    private LockedBytes Key() =>
        keys.KeyOfFile(PathOfKey(keys), KeyName, make: keys.Registers.NamesIn(VaultKeys.ErasedFolder, ".list").Count == 0)
        ?? throw new VaultFileException($"{PathOfKey(keys)} is gone, without which nobody knows what was erased here: nothing is erased or taken in. Put it back as it was; where that cannot be, trafficflow vault renew-registers begins anew without it");

    /// <summary>Lists whose key is gone tell nothing any more.</summary>
    internal static bool IsLost(VaultKeys keys, string name) => name.StartsWith(VaultKeys.ErasedFolder + "/", StringComparison.Ordinal) && !File.Exists(PathOfKey(keys));

    private static string PathOfKey(VaultKeys keys) => Path.Combine(keys.Folder, "erased.key");
}
